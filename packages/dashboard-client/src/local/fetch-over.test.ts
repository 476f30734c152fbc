import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test } from 'vitest';
import { fetchOver } from './fetch-over.ts';

test('a connection that broke before it was used is an error of the request, not of the process', async () => {
  const socket = await connection((client) => client.once('data', () => client.resetAndDestroy()));
  socket.write('x');
  await eventually(() => expect(socket.destroyed).toBe(true));
  await expect(get(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a connection that was closed before it was used is an error of the request', async () => {
  const socket = await connection((client) => client.end());
  socket.resume();
  await eventually(() => expect(socket.destroyed).toBe(true));
  await expect(get(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test.each([
  ['the head', 'HTTP/1.1 200 OK\r\n'],
  ['the body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'],
])('a connection that breaks within %s of the response is an error of the request', async (_where, sent) => {
  const socket = await connection((client) => {
    client.once('data', () => client.write(sent));
    client.once('data', () => setImmediate(() => client.resetAndDestroy()));
  });
  await expect(get(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

/** A connection to a server of its own that treats it as `serve` says. */
async function connection(serve: (client: Socket) => void): Promise<Socket> {
  const server = createServer({ allowHalfOpen: true }, (client) => serve(client.on('error', () => undefined)));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function get(socket: Socket): Promise<Response> {
  return fetchOver(async () => socket)(new Request('http://127.0.0.1/'));
}
