import { readFileSync } from 'node:fs';
import { eventually } from './eventually.ts';

/**
 * Sends SIGSTOP, and waits until it has taken effect. The kernel hands it to one thread, and while that one waits for a
 * processor the others run on.
 */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await eventually(() => {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0];
    if (state !== 'T') throw new Error(`expected process ${pid} to be stopped, found it in state ${state}`);
  });
}
