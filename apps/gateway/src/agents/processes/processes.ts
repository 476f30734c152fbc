import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';

/** Errors of reading a process that has just ended, or that is hidden because another user owns it. */
const NOT_SEEN = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];

/** Whether the system has `/proc`: Linux does, macOS does not. */
export function hasProcessFiles(): boolean {
  return existsSync('/proc/self/stat');
}

/** The ids of all processes, in ascending order. @throws when the system does not allow to read them. */
export function readProcesses(): Map<number, ProcessStat> {
  const processes = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readProcess(Number(name));
    if (stat) processes.set(Number(name), stat);
  }
  return processes;
}

/** @returns `undefined` when there is no such process. @throws when the system does not allow to read it. */
export function readProcess(pid: number): ProcessStat | undefined {
  const line = readOf(pid, 'stat');
  return line === undefined ? undefined : parseProcessStat(line);
}

/**
 * The environment that a process was started with, as `NAME=value`; empty for a process of another user.
 * @throws when the system does not allow to read it.
 */
export function readEnvironment(pid: number): string[] {
  return readOf(pid, 'environ')?.split('\0') ?? [];
}

function readOf(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    // Errors such as too many open files do not prove that a process has ended.
    if (NOT_SEEN.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** @returns whether the process, or for a negative id the group, existed. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // EPERM: the process exists, but another user owns it.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
