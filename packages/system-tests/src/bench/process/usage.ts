import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used since it began, as the kernel counts it. */
export interface Usage {
  /** On a processor, of all its threads that still live, in ms. */
  readonly cpu: number;
  /** How often one of its threads went to sleep, to be woken later. */
  readonly wakeUps: number;
}

export function usageOf(pid: number): Usage {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  return {
    // Not /proc/PID/stat, which counts in hundredths of a second.
    cpu: sum(threads.map((thread) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]))) / 1e6,
    wakeUps: sum(threads.map((thread) => status(thread, 'voluntary_ctxt_switches'))),
  };
}

/** In KiB. */
export function residentMemory(pid: number): number {
  return status(`/proc/${pid}`, 'VmRSS');
}

function status(process: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`${process}/status`, 'utf8'))?.[1]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
