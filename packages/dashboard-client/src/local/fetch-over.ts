import { once } from 'node:events';
import { type IncomingMessage, request as send } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';

const WITHOUT_BODY = [204, 205, 304];

/** Opens a connection for one request. It has a listener for errors: it may break before the request uses it. */
export type Connect = (signal: AbortSignal) => Promise<Socket>;

/** `fetch`, each request over a connection of its own that `connect` opens. No redirection is followed. */
export function fetchOver(connect: Connect): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = Buffer.from(await request.arrayBuffer());
    const socket = await connect(request.signal);
    try {
      return await exchange(request, body, socket);
    } catch (error) {
      request.signal.throwIfAborted();
      throw error;
    } finally {
      socket.destroy();
    }
  };
}

async function exchange(request: Request, body: Buffer, socket: Socket): Promise<Response> {
  const { method, signal, headers } = request;
  const url = new URL(request.url);
  // It may have broken since it was opened, and then no event would tell the request.
  if (socket.destroyed) throw socket.errored ?? connectionLost();
  const outgoing = send({
    method,
    host: url.hostname,
    path: url.pathname + url.search,
    headers: { ...Object.fromEntries(headers), host: url.host, 'content-length': body.length },
    createConnection: () => (url.protocol === 'https:' ? encrypted(socket, url) : socket),
    signal,
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  // From here on the response has the error of a connection that breaks, and the request has it once more.
  outgoing.on('error', () => undefined);
  const { statusCode: status = 0, rawHeaders } = response;
  const bytes = await buffer(response);
  return new Response(WITHOUT_BODY.includes(status) ? null : new Uint8Array(bytes), {
    status,
    headers: pairs(rawHeaders),
  });
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}

function encrypted(socket: Socket, { hostname }: URL): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return connectTls({ socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
}
