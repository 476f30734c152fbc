import { renameSync } from 'node:fs';

/** Exchanges PLACE with OTHER, COUNT times and until a signal; prints how often. */
const [place = '', other = '', count = '0'] = process.argv.slice(2);
const aside = `${other}.aside`;
let swaps = 0;
let stopping = false;
process.once('SIGTERM', () => {
  stopping = true;
});

function swapMany(): void {
  for (let n = 0; n < 100; n++, swaps++) {
    renameSync(place, aside);
    renameSync(other, place);
    renameSync(aside, other);
  }
  if (stopping && swaps >= Number(count)) process.stdout.write(`${swaps}\n`, () => process.exit(0));
  else setImmediate(swapMany);
}

swapMany();
