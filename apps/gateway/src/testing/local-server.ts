import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface LocalServer {
  readonly url: string;
  /** Stops listening, and closes all connections. */
  close(): Promise<void>;
}

/** An HTTP server on a free port of this machine, until the test has finished. */
export async function localServer(listener: RequestListener, port = 0): Promise<LocalServer> {
  const server = createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export interface ReceivedRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly response: ServerResponse;
}

/** Reads a request to its end. */
export async function received(request: IncomingMessage, response: ServerResponse): Promise<ReceivedRequest> {
  return { headers: request.headers as Record<string, string>, body: await text(request), response };
}
