import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../stopwatch/stopwatch.ts';
import type { Rig } from './rig.ts';

/** What reconciling one home took, once each. */
export interface Cost {
  readonly profiles: number;
  /** Of an empty scan directory. */
  readonly first: readonly Reading[];
  /** Once more, over slots that nobody supervises. */
  readonly again: readonly Reading[];
  /** Once more, over slots that are supervised. */
  readonly supervised: readonly Reading[];
  readonly systemCalls: number;
}

/** @param times how often to time each. */
export function measureCost(rig: Rig, profiles: number, times: number): Cost {
  const home = rig.home(profiles);
  const command = rig.ours(home);
  const first = repeat(times, () => rig.fill(command));
  const scandir = rig.scandir();
  try {
    const systemCalls = countSystemCalls(command(scandir), join(scandir, '.calls'));
    const again = repeat(times, () => rig.stopwatch.time(command(scandir)));
    using _ = standInForSupervisors(scandir);
    const supervised = repeat(times, () => rig.stopwatch.time(command(scandir)));
    return { profiles, first, again, supervised, systemCalls };
  } finally {
    rmSync(scandir, { recursive: true });
  }
}

function repeat<T>(times: number, task: () => T): T[] {
  return Array.from({ length: times }, task);
}

/** Of a program and all that it starts. @param table a file for what strace counts. */
export function countSystemCalls(command: readonly string[], table: string): number {
  const options = ['-f', '-qq', '-c', '-U', 'calls,name', '-o', table];
  execFileSync('strace', [...options, ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const total = /^\s*(\d+) total$/m.exec(readFileSync(table, 'utf8'));
  if (!total) throw new Error(`strace counted nothing: ${readFileSync(table, 'utf8')}`);
  rmSync(table);
  return Number(total[1]);
}

/** Reads every slot's control FIFO, by which a slot counts as supervised; thousands of s6-supervise would be no cheaper to ask. */
function standInForSupervisors(scandir: string): Disposable {
  const slots = readdirSync(scandir).filter((name) => name.startsWith('gateway-'));
  const fifos = slots.map((slot) =>
    openSync(join(scandir, slot, 'supervise/control'), constants.O_RDONLY | constants.O_NONBLOCK),
  );
  return {
    [Symbol.dispose]() {
      for (const fifo of fifos) closeSync(fifo);
    },
  };
}
