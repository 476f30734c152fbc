/** build-slot PATH UMASK: builds a slot under that umask. */
import { buildSlot, makeFifos } from '../../slot/build.ts';
import { slotFiles } from '../../slot/definition.ts';

const [path = '', umask = ''] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
const home = '/home';
const definition = {
  profile: 'a',
  rootHome: home,
  profileHome: home,
  command: 'gateway',
  user: undefined,
  graceSeconds: 1,
};
buildSlot(path, slotFiles(definition), true);
makeFifos([path]);
