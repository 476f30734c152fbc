import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

const BOUND_MS = 45_000;

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
        await takePort(server, world.port);
        release();
        await lastFor(lasting, world);
      } finally {
        server.close();
        release();
      }
    },
  };
};

/** Tries until the kernel has let go of the port: a process that was just being started may hold it for a moment longer. */
async function takePort(server: Server, port: number): Promise<void> {
  for (const end = performance.now() + BOUND_MS; ; await delay(20)) {
    const failed = once(server, 'error').then(([error]) => error as NodeJS.ErrnoException);
    server.listen(port, '127.0.0.1');
    const error = await Promise.race([failed, once(server, 'listening').then(() => undefined)]);
    if (error === undefined) return;
    if (error.code !== 'EADDRINUSE' || performance.now() > end) throw error;
  }
}
