import { Connections } from './connections.ts';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

const READERS = 40;

/** Readers of the events of a session, from their beginning, that never read. */
export const muteReaders: FaultMaker = (rng) => {
  const lasting = rng.between(1_000, 6_000);
  const session = `s${Math.floor(rng.between(0, 4))}`;
  const opening = [
    `GET /v1/sessions/${session}/events HTTP/1.1`,
    'Host: 127.0.0.1',
    'Accept: text/event-stream',
    'Last-Event-ID: 0',
    '\r\n',
  ].join('\r\n');
  return {
    detail: `${READERS} of ${session}, ${milliseconds(lasting)}`,
    happen: async (world) => {
      using connections = new Connections();
      await connections.open(world.port, READERS, opening);
      await lastFor(lasting, world);
    },
  };
};
