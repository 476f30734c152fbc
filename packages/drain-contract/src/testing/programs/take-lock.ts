/** take-lock PATH [UID]: takes the lock and prints the outcome. */
import { ContractError } from '../../errors.ts';
import { withFileLock } from '../../files/file-lock.ts';
import { dropTo } from './drop-to.ts';

const [path = '', uid] = process.argv.slice(2);
dropTo(uid);
try {
  await withFileLock(path, 0, async () => console.log(JSON.stringify({ taken: true })));
} catch (error) {
  if (!(error instanceof ContractError)) throw error;
  console.log(JSON.stringify({ taken: false, code: error.code, message: error.message }));
}
