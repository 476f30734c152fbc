/** begin-or-clear HOME begin|clear [REQUEST_ID]: begins a drain, or clears it, and prints what came of it. */
import { ContractError } from '../../errors.ts';
import { clearDrainRequest, writeDrainRequest } from '../../marker/write.ts';

const [home = '', action, requestId] = process.argv.slice(2);
try {
  if (action === 'clear') console.log(JSON.stringify({ cleared: await clearDrainRequest({ home, requestId }) }));
  else console.log(JSON.stringify({ begun: (await writeDrainRequest({ home, requestId })).request_id }));
} catch (error) {
  if (!(error instanceof ContractError)) throw error;
  console.log(JSON.stringify({ code: error.code }));
}
