import { renameSync } from 'node:fs';
import { dropTo } from './drop-to.ts';

/** Exchanges PLACE with OTHER, as the user UID, COUNT times or until a signal; prints how often. */
const [uid, place = '', other = '', count = '0'] = process.argv.slice(2);
dropTo(uid);
const aside = `${other}.aside`;
let swaps = 0;
const report = () => process.stdout.write(`${swaps}\n`, () => process.exit(0));
process.once('SIGTERM', report);

function swap(): void {
  renameSync(place, aside);
  renameSync(other, place);
  renameSync(aside, other);
  swaps += 1;
}

function swapMany(): void {
  for (let n = 0; n < 1_000 && swaps < Number(count); n++) swap();
  if (swaps < Number(count)) setImmediate(swapMany);
  else report();
}

process.stdout.write('ready\n');
swapMany();
