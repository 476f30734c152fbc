import { once } from 'node:events';
import type { Program } from '@hermes/local-stack';

/** What to start a Node program within, so that `collectGarbage` can be asked of it. */
export const INSPECTED = ['env', 'NODE_OPTIONS=--inspect=127.0.0.1:0'] as const;

const BOUND_MS = 30_000;

/** Makes a program let go of all the memory that it does not need. */
export async function collectGarbage(program: Program): Promise<void> {
  const url = /^Debugger listening on (\S+)/m.exec(program.stderr)?.[1];
  if (url === undefined) throw new Error(`${program.name} was not started with an inspector`);
  const socket = new WebSocket(url);
  const signal = AbortSignal.timeout(BOUND_MS);
  try {
    await once(socket, 'open', { signal });
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    await once(socket, 'message', { signal });
  } finally {
    socket.close();
  }
}
