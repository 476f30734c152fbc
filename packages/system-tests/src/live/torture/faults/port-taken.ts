import { once } from 'node:events';
import { createServer } from 'node:net';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

const BOUND_MS = 10_000;

/** The gateway dies, and another program has taken its port when it comes back. */
export const portTaken: FaultMaker = (rng) => {
  const lasting = rng.between(500, 4_000);
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      const { promise: bound, resolve: release } = Promise.withResolvers<void>();
      world.gateway.holdRestart(bound);
      const server = createServer((socket) => socket.destroy());
      try {
        await world.gateway.end('SIGKILL', BOUND_MS);
        server.listen(world.port, '127.0.0.1');
        await once(server, 'listening');
        release();
        await lastFor(lasting, world);
      } finally {
        server.close();
        release();
      }
    },
  };
};
