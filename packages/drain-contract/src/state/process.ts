import { constants, readSync } from 'node:fs';
import { parseProcessState, parseStartTime } from '../epoch/parse.pure.ts';
import { closeFile, openFile } from '../files/spare-descriptors.ts';

/** A line is shorter; what concerns us stands at its beginning. */
const STAT_BYTES = 1_024;

/** The start time of this process in clock ticks since boot; `undefined` where there is no `/proc` that tells it. */
export function processStartTime(): number | undefined {
  const ticks = parseStartTime(statOf('self'));
  return ticks === '' ? undefined : Number(ticks);
}

/** Whether the process `pid` runs and is the one that started then. False where that cannot be seen. */
export function isRunningSince(pid: number, startTime: number): boolean {
  return isRunning(statOf(pid), startTime);
}

/** Whether the process `pid` that started then has ended. False where that cannot be seen. */
export function hasEndedSince(pid: number, startTime: number): boolean {
  const stat = statOf(pid);
  return stat !== '' && !isRunning(stat, startTime);
}

function isRunning(stat: string, startTime: number): boolean {
  // A zombie keeps its line until its parent has waited for it.
  return parseStartTime(stat) === String(startTime) && !['Z', 'X'].includes(parseProcessState(stat));
}

function statOf(process: number | 'self'): string {
  try {
    const file = openFile(`/proc/${process}/stat`, constants.O_RDONLY);
    try {
      const buffer = Buffer.alloc(STAT_BYTES);
      return buffer.toString('latin1', 0, readSync(file, buffer));
    } finally {
      closeFile(file);
    }
  } catch {
    return '';
  }
}
