import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ResponseBacklog, type ResponseBacklogOptions } from './response-backlog.ts';

/** More than the kernel takes for a client that does not read. */
const MUCH = 'x'.repeat(16 * 1024 * 1024);

interface Exchange {
  /** Of the client, which does not read before it is resumed. */
  readonly socket: Socket;
  readonly response: ServerResponse;
}

/** A server with a backlog, and a client for each response. */
async function backlogServer(options: ResponseBacklogOptions) {
  const backlog = new ResponseBacklog(options);
  const server = createServer().listen(0, '127.0.0.1');
  backlog.watch(server);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const exchange = async (): Promise<Exchange> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
    socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    const [, response] = await asked;
    return { socket, response };
  };
  return { backlog, exchange };
}

describe('a client that does not read', () => {
  it('is cut off when it has taken nothing for long enough', async () => {
    const { backlog, exchange } = await backlogServer({ stallMs: 100 });
    const { response } = await exchange();
    response.write(MUCH);
    await backlog.drained(response);
    expect(response.destroyed).toBe(true);
    expect([backlog.cutOff, backlog.bytes]).toEqual([{ stalled: 1, overloaded: 0 }, 0]);
  });

  it('is cut off also after the end of its response', async () => {
    const { backlog, exchange } = await backlogServer({ stallMs: 100 });
    const { response } = await exchange();
    response.end(MUCH);
    await once(response, 'close');
    expect(backlog.cutOff).toEqual({ stalled: 1, overloaded: 0 });
  });

  it('is cut off when all of them hold too much: the one that has waited the longest first', async () => {
    const { backlog, exchange } = await backlogServer({ maxBytes: MUCH.length * 2.5 });
    const waits: Promise<void>[] = [];
    const responses: ServerResponse[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { response } = await exchange();
      response.write(MUCH);
      responses.push(response);
      waits.push(backlog.drained(response));
      await eventually(() => expect(backlog.bytes).toBeGreaterThan(count === 0 ? 0 : MUCH.length));
      await nextTurn();
    }
    await waits[0];
    await eventually(() => expect(backlog.cutOff).toEqual({ stalled: 0, overloaded: 1 }));
    expect(responses.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
    expect(backlog.bytes).toBeLessThanOrEqual(MUCH.length * 2.5);
  });

  it('holds nothing any more once it has left', async () => {
    const { backlog, exchange } = await backlogServer({});
    const { socket, response } = await exchange();
    response.write(MUCH);
    const drained = backlog.drained(response);
    await eventually(() => expect(backlog.bytes).toBeGreaterThan(0));
    socket.destroy();
    await drained;
    expect([backlog.cutOff, backlog.bytes]).toEqual([{ stalled: 0, overloaded: 0 }, 0]);
  });
});

describe('a client that reads', () => {
  it('is not cut off, however much it is sent, and its connection has no timeout afterwards', async () => {
    const { backlog, exchange } = await backlogServer({ stallMs: 10_000, maxBytes: MUCH.length * 2 });
    const { socket, response } = await exchange();
    socket.resume();
    for (let count = 0; count < 10; count += 1) {
      response.write(MUCH);
      await backlog.drained(response);
    }
    expect([backlog.cutOff, backlog.bytes]).toEqual([{ stalled: 0, overloaded: 0 }, 0]);
    expect(response.socket?.timeout).toBe(0);
  });

  it('is not cut off because it is slow', async () => {
    const stallMs = 3_000;
    const { backlog, exchange } = await backlogServer({ stallMs });
    const { socket, response } = await exchange();
    response.write(MUCH);
    const drained = backlog.drained(response);
    const begun = performance.now();
    // A piece now and then, for much longer than it may take nothing.
    const reading = setInterval(() => {
      socket.resume().once('data', () => socket.pause());
      if (performance.now() - begun > stallMs * 2) socket.removeAllListeners('data').resume();
    }, 20);
    onTestFinished(() => clearInterval(reading));
    await drained;
    expect(performance.now() - begun).toBeGreaterThan(stallMs);
    expect([response.destroyed, backlog.cutOff]).toEqual([false, { stalled: 0, overloaded: 0 }]);
  });
});
