import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

const FILL_EVERY_MS = 100;

/** What makes room for a moment, as a checkpoint of the journal, is filled again. */
export const diskFull: FaultMaker = (rng) => {
  const lasting = rng.between(500, 4_000);
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      const path = join(world.volume, 'filling');
      const filling = openSync(path, 'a');
      try {
        for (let left = lasting; left > 0 && !world.storm.aborted; left -= FILL_EVERY_MS) {
          fill(filling);
          await lastFor(FILL_EVERY_MS, world);
        }
      } finally {
        closeSync(filling);
        rmSync(path);
      }
    },
  };
};

function fill(descriptor: number): void {
  for (const size of [1_048_576, 4_096, 1]) {
    try {
      for (const block = Buffer.alloc(size); ; ) writeSync(descriptor, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
