import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';

/** What a look at a process fails with that has just ended, or that is another user's and hidden. */
const NOT_SEEN = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];

/** Whether the system tells of its processes in files, as Linux does and macOS does not. */
export function hasProcessFiles(): boolean {
  return existsSync('/proc/self/stat');
}

/** The processes that there are now, by id, in ascending order. @throws when the system does not let us look. */
export function readProcesses(): Map<number, ProcessStat> {
  const processes = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readProcess(Number(name));
    if (stat) processes.set(Number(name), stat);
  }
  return processes;
}

/** @returns `undefined` when there is no such process. @throws when the system does not let us look. */
export function readProcess(pid: number): ProcessStat | undefined {
  const line = readOf(pid, 'stat');
  return line === undefined ? undefined : parseProcessStat(line);
}

/**
 * The variables that a process was started with, as `NAME=value`; none for one of another user.
 * @throws when the system does not let us look.
 */
export function readEnvironment(pid: number): string[] {
  return readOf(pid, 'environ')?.split('\0') ?? [];
}

function readOf(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    // Too many open files, for one, are no proof that a process is gone.
    if (NOT_SEEN.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** @returns whether there was a process, or for a negative id a group, to get the signal. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // A process that became another user's is there, though not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
