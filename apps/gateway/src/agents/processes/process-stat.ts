import { parseStartTime } from '@hermes/drain-contract';

/** What the kernel tells of a process, as far as we need it. */
export interface ProcessStat {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. */
  readonly startTime: bigint;
  /** A zombie runs no more. In a container whose first process reaps no orphans it stays for good. */
  readonly isZombie: boolean;
}

/**
 * Reads a line of `/proc/PID/stat`: `pid (name) state ppid pgrp session …`, where the name may hold anything.
 * @returns `undefined` for anything else. @see proc_pid_stat(5)
 */
export function parseProcessStat(line: string): ProcessStat | undefined {
  const startTime = parseStartTime(line);
  if (startTime === '') return undefined;
  const [state = '', ...numbers] = line.slice(line.lastIndexOf(')') + 2).split(' ', 4);
  const [parent = Number.NaN, group = Number.NaN, session = Number.NaN] = numbers.map(Number);
  return { parent, group, session, startTime: BigInt(startTime), isZombie: 'ZX'.includes(state) };
}
