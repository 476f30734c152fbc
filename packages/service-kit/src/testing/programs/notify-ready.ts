/** notify-ready: tells that it is ready, then prints whether descriptor 3 is still open. */
import { closeSync, fstatSync } from 'node:fs';
import { notifyReady } from '../../ready.ts';

if (process.argv[2] === 'no-reader') closeSync(3);
notifyReady();
console.log(isOpen(3) ? 'open' : 'closed');

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
