/** count-under-lock LOCK FILE TIMES: adds 1 to the number in the file so many times, in steps that need the lock. */
import { readFile, writeFile } from 'node:fs/promises';
import { withFileLock } from '../../files/file-lock.ts';

const [lock = '', file = '', times] = process.argv.slice(2);
for (let time = 0; time < Number(times); time += 1) {
  await withFileLock(lock, 30_000, async () => {
    const count = Number(await readFile(file, 'utf8'));
    await writeFile(file, String(count + 1));
  });
}
