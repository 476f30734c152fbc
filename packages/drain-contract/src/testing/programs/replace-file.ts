/** replace-file PATH LENGTH UMASK [UID]: writes that many letters x and prints the outcome, and the mode of the file. */
import { statSync } from 'node:fs';
import { ContractError } from '../../errors.ts';
import { replaceFile } from '../../files/write.ts';
import { dropTo } from './drop-to.ts';

const [path = '', length, umask = '022', uid] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
dropTo(uid);
try {
  await replaceFile(path, 'x'.repeat(Number(length)));
  console.log(JSON.stringify({ written: true, mode: (statSync(path).mode & 0o777).toString(8) }));
} catch (error) {
  if (!(error instanceof ContractError)) throw error;
  console.log(JSON.stringify({ written: false, code: error.code, message: error.message }));
}
