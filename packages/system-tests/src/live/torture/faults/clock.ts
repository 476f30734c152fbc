import { setTimeout as delay } from 'node:timers/promises';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

const JUMPS = [-86_400, -3_600, -120, -20, 20, 120, 1_200, 86_400] as const;

/** A drain is not that old, so that a smaller jump, in seconds, cannot end it. */
const ENDS_DRAINS = 3_000;

/** The programs look at the file with the offset this often, in ms. */
export const CLOCK_CACHE_MS = 1_000;

/** The clock of the machine jumps, and back. */
export const clock: FaultMaker = (rng) => {
  const jump = rng.pick(JUMPS);
  const lasting = rng.between(500, 5_000);
  return {
    detail: `${jump} s for ${milliseconds(lasting)}`,
    happen: async (world) => {
      const move = async () => {
        world.setClock(jump);
        await lastFor(lasting, world);
        world.setClock(0);
        await delay(CLOCK_CACHE_MS * 2);
      };
      // A drain may expire when the clock goes on, and one that was begun in the past when it comes back.
      if (Math.abs(jump) > ENDS_DRAINS) await world.recorder.release('clock', move);
      else await move();
    },
  };
};
