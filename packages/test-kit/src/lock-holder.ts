import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = `
const { DatabaseSync } = require('node:sqlite');
const lock = new DatabaseSync(process.argv[1]);
lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
console.log('held');
setTimeout(() => lock.close(), 120_000);
`;

/** A process that holds the lock file `path`, made if need be, until it is killed, which is left to the caller. */
export async function lockHolder(path: string): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['-e', PROGRAM, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  if (String(output) === 'held\n') return holder;
  holder.kill('SIGKILL');
  throw new Error(`${path} could not be locked: ${output}`);
}
