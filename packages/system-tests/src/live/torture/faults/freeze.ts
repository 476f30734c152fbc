import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

/** Longer than a heartbeat may be old. */
const LONG_MS = 33_000;

/** The gateway is suspended, as a machine that is moved, now and then for so long that it counts as gone. */
export const freeze: FaultMaker = (rng) => {
  const lasting = rng.chance(0.03) ? LONG_MS : rng.between(50, 3_000);
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      world.gateway.signal('SIGSTOP');
      await lastFor(lasting, world);
      world.gateway.signal('SIGCONT');
    },
  };
};
