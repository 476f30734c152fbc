import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that the kernel gives to clients: a port must stay free while its server is dead. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port that nothing listens on. Random by the machine, not by the seed: a run may be beside another one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}
