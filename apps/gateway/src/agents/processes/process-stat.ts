import { parseStartTime } from '@hermes/drain-contract';

/** The data of a process from the kernel that we need. */
export interface ProcessStat {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. */
  readonly startTime: bigint;
  /** Zombies do not run. In a container whose first process does not reap orphans, they stay for good. */
  readonly isZombie: boolean;
}

/**
 * Parses a line of `/proc/PID/stat`: `pid (name) state ppid pgrp session …`; the name may contain any character.
 * @returns `undefined` for anything else. @see proc_pid_stat(5)
 */
export function parseProcessStat(line: string): ProcessStat | undefined {
  const startTime = parseStartTime(line);
  if (startTime === '') return undefined;
  const [state = '', ...numbers] = line.slice(line.lastIndexOf(')') + 2).split(' ', 4);
  const [parent = Number.NaN, group = Number.NaN, session = Number.NaN] = numbers.map(Number);
  return { parent, group, session, startTime: BigInt(startTime), isZombie: 'ZX'.includes(state) };
}
