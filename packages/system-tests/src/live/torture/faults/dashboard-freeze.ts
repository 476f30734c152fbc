import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

/** The dashboard is suspended, with requests in its hands. */
export const dashboardFreeze: FaultMaker = (rng) => {
  const lasting = rng.between(50, 3_000);
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      const { first } = world.dashboards;
      first.signal('SIGSTOP');
      await lastFor(lasting, world);
      first.signal('SIGCONT');
    },
  };
};
