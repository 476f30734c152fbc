import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { commandLine } from './programs.ts';

/** A process that holds the lock file `path` until it is killed, at the latest when the test has finished. */
export async function lockHolder(path: string): Promise<ChildProcess> {
  const [command = '', ...args] = commandLine('hold-lock', path);
  const holder = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  return holder;
}
