import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

/** The process that reads the log of the gateway stops reading, as on a full disk. */
export const logStuck: FaultMaker = (rng) => {
  const lasting = rng.between(1_000, 5_000);
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      process.kill(world.logReader.pid, 'SIGSTOP');
      await lastFor(lasting, world);
      process.kill(world.logReader.pid, 'SIGCONT');
    },
  };
};
