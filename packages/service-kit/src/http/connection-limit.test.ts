import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../logger.ts';
import { ConnectionLimit, descriptorLimit, maxConnections } from './connection-limit.ts';

const REQUEST = 'GET / HTTP/1.1\r\nhost: test\r\n\r\n';

/** A server with room for `max` connections, which answers on demand. */
async function serve(max: number) {
  const waiting: ServerResponse[] = [];
  const server: Server = createServer((_request, response) => waiting.push(response));
  const log = createLogger('test', 'silent');
  const warn = vi.spyOn(log, 'warn');
  new ConnectionLimit(log, max).watch(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, waiting, warn, port };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const isClosed = (socket: Socket) => eventually(() => expect(socket.closed).toBe(true));

it('closes what has been idle for longest when there are too many', async () => {
  const { port, waiting, warn } = await serve(2);
  const first = await open(port);
  const second = await open(port);
  second.write(REQUEST);
  await eventually(() => expect(waiting).toHaveLength(1));
  const third = await open(port);
  await isClosed(first);
  expect([second.closed, third.closed]).toEqual([false, false]);
  expect(warn).toHaveBeenCalledOnce();
});

it('refuses the new one where all are busy, and takes one again when an answer is sent', async () => {
  const { port, waiting } = await serve(1);
  const busy = await open(port);
  busy.write(REQUEST);
  await eventually(() => expect(waiting).toHaveLength(1));
  await isClosed(await open(port));
  expect(busy.closed).toBe(false);
  waiting[0]?.end('answer');
  await once(busy, 'data');
  const next = await open(port);
  await isClosed(busy);
  expect(next.closed).toBe(false);
});

it('lets a client in whatever number of connections is held open without a word', async () => {
  const { port, waiting } = await serve(8);
  for (let n = 0; n < 100; n++) await open(port);
  const client = await open(port);
  client.write(REQUEST);
  await eventually(() => expect(waiting).toHaveLength(1));
});

it.each([
  [64, 8],
  [256, 104],
  [1_024, 488],
  [0, 4],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])('with %d descriptors, there is room for %d connections', (descriptors, connections) => {
  expect(maxConnections(descriptors)).toBe(connections);
});

it('knows how many files this process may open', () => {
  expect(descriptorLimit()).toBeGreaterThan(32);
});
