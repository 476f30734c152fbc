import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

/** Two dashboards serve one home, until one of them is killed or stopped. */
export const secondDashboard: FaultMaker = (rng) => {
  const lasting = rng.between(1_500, 5_000);
  const signal = rng.chance(0.5) ? 'SIGKILL' : 'SIGTERM';
  return {
    detail: `${milliseconds(lasting)}, then ${signal}`,
    happen: async (world) => {
      world.dashboards.startSecond();
      await lastFor(lasting, world);
      await world.dashboards.stopSecond(signal);
    },
  };
};
