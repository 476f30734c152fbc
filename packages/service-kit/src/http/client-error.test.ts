import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendClientProblem } from './client-error.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** An application that listens, and a connection to it. @param timeout ms that a request may take to arrive. */
async function connected(setUp: (app: FastifyInstance) => void, timeout = 60_000) {
  const app = Fastify({
    clientErrorHandler: sendClientProblem,
    requestTimeout: timeout,
    http: { headersTimeout: timeout, connectionsCheckingInterval: 20 },
  });
  setUp(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(async () => {
    socket.destroy();
    await app.close();
  });
  await once(socket, 'connect');
  return socket;
}

/** All that comes back until the other side closes. */
function answerOf(socket: Socket): Promise<string> {
  return text(socket);
}

describe('what is no request', () => {
  it.each<[what: string, sent: string, status: string, code: string]>([
    ['another protocol', '\u0016\u0003\u0001\u0002\u0000\u0001', '400 Bad Request', 'malformed-http'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      '400 Bad Request',
      'malformed-http',
    ],
    ['half a request', 'GET / HTTP/1.1\r\nHost: lo', '408 Request Timeout', 'request-timeout'],
    [
      'a chunk with endless extensions',
      `POST / HTTP/1.1\r\nContent-Type: application/json\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}`,
      '413 Payload Too Large',
      'body-too-large',
    ],
    [
      'an endless header',
      `GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}`,
      '431 Request Header Fields Too Large',
      'headers-too-large',
    ],
  ])('is answered with a problem, and the connection is closed: %s', async (_what, sent, status, code) => {
    const timeout = code === 'request-timeout' ? 100 : undefined;
    const socket = await connected((app) => void app.post('/', async () => 'fine'), timeout);
    const answer = answerOf(socket);
    socket.write(sent, 'latin1');
    const [head = '', body = ''] = (await answer).split('\r\n\r\n');
    expect(head.split('\r\n')).toEqual([
      `HTTP/1.1 ${status}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]);
    expect(JSON.parse(body)).toEqual({
      type: `urn:hermes:problem:${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status: Number.parseInt(status, 10),
      detail: expect.stringMatching(/\.$/),
      code,
    });
  });

  it('is answered also behind a request that has had its answer', async () => {
    const socket = await connected((app) => void app.get('/', async () => 'fine'));
    const answer = answerOf(socket);
    socket.write(REQUEST);
    await once(socket, 'data');
    socket.write('nonsense\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1.1 200 OK\r\n.*fineHTTP\/1.1 400 Bad Request\r\n/s);
  });

  it('is not answered in the middle of another answer, which it would become a part of', async () => {
    const socket = await connected((app) => {
      app.get('/', (_request, reply) => {
        reply.hijack().raw.writeHead(200, { 'content-type': 'text/plain' }).write('half');
      });
    });
    const answer = answerOf(socket);
    socket.write(REQUEST);
    await once(socket, 'data');
    socket.write('nonsense\r\n\r\n');
    expect(await answer.catch(String)).not.toContain('400');
  });
});
