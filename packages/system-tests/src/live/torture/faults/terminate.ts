import { settledWithin } from '../bounded.ts';
import type { FaultMaker } from './fault.ts';

/** Nothing takes longer than a stop that is late by as much as it may take. */
const LATE = 2;

/** The gateway is asked to stop; sometimes twice, which shortens the grace. */
export const terminate: FaultMaker = (rng) => {
  const hurryAfter = rng.chance(0.3) ? rng.between(0, 1_500) : undefined;
  return {
    detail: hurryAfter === undefined ? '' : `again after ${Math.round(hurryAfter)} ms`,
    happen: async ({ gateway, stopBoundMs }) => {
      const ended = gateway.end('SIGTERM', stopBoundMs * LATE);
      if (hurryAfter === undefined || (await settledWithin(ended, hurryAfter))) return ended;
      await gateway.end('SIGTERM', stopBoundMs * LATE);
      await ended;
    },
  };
};
