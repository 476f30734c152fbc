import { Connections } from './connections.ts';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

/** More than the gateway may have descriptors. */
export const DESCRIPTOR_LIMIT = 256;
const CONNECTIONS = DESCRIPTOR_LIMIT + 40;

/** Idle connections take every descriptor that the gateway may have. */
export const descriptors: FaultMaker = (rng) => {
  const lasting = rng.between(500, 4_000);
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      using connections = new Connections();
      await connections.open(world.port, CONNECTIONS, '');
      await lastFor(lasting, world);
    },
  };
};
