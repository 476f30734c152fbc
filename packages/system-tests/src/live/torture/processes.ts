import { readFileSync } from 'node:fs';

/** Whether a process is there and not a zombie. */
export function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Kills a process whose command line names `mark`: a number may belong to another process by now. */
export function killIfOurs(pid: number, mark: string): void {
  if (!read(`/proc/${pid}/cmdline`).includes(mark)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
