/** die-at-step HOME begin|cancel before|after STEP: begins or cancels a drain, and dies by SIGKILL at that step. */
import { hookSteps } from '../../files/steps.ts';
import { clearDrainRequest, writeDrainRequest } from '../../marker/write.ts';

const [home = '', action, when, step] = process.argv.slice(2);
hookSteps((...now) => {
  if (now[0] === when && now[1] === step) process.kill(process.pid, 'SIGKILL');
});
if (action === 'cancel') await clearDrainRequest({ home });
else await writeDrainRequest({ home, reason: 'new' });
