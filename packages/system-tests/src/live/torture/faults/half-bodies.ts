import { Connections } from './connections.ts';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

const CLIENTS = 40;

const OPENING = [
  'POST /v1/messages HTTP/1.1',
  'Host: 127.0.0.1',
  'Content-Type: application/json',
  'Content-Length: 1000',
  '',
  '{"session":',
].join('\r\n');

/** Clients that send half a message and then nothing. */
export const halfBodies: FaultMaker = (rng) => {
  const lasting = rng.between(1_000, 6_000);
  return {
    detail: `${CLIENTS}, ${milliseconds(lasting)}`,
    happen: async (world) => {
      using connections = new Connections();
      await connections.open(world.port, CLIENTS, OPENING);
      await lastFor(lasting, world);
    },
  };
};
