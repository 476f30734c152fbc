/** hold-lock PATH: takes the lock, prints so, and holds it until it is killed. */
import { withFileLock } from '../../files/file-lock.ts';

const [path = ''] = process.argv.slice(2);
await withFileLock(path, 10_000, async () => {
  console.log('true');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
