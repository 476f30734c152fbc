import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that ends with the test. */
class LoopbackServer implements AsyncDisposable {
  readonly #server: Server;

  protected constructor(server: Server) {
    this.#server = server;
  }

  protected async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Stands for the rest of the world: as an HTTP proxy, it is asked for everything that does not go to loopback. */
export class Elsewhere extends LoopbackServer {
  /** What was asked for; nothing of it was answered. */
  readonly requests: string[];

  static async start(): Promise<Elsewhere> {
    const requests: string[] = [];
    const server = createServer(({ method, url }, response) => {
      requests.push(`${method} ${url}`);
      response.writeHead(502).end();
    });
    server.on('connect', ({ url }, socket) => {
      requests.push(`CONNECT ${url}`);
      socket.destroy();
    });
    return await new Elsewhere(server, requests).listen();
  }

  private constructor(server: Server, requests: string[]) {
    super(server);
    this.requests = requests;
  }
}

/** What may happen to a request: it is refused, or the registry does what it says and the answer is lost. */
export type Fault = 'refused' | 'answer lost';

/** A registry whose uploads fail. */
export class FaultyRegistry extends LoopbackServer {
  /** Faults of uploads of packages whose name contains the key. */
  readonly faults: Map<string, Fault>;

  static async before(registry: string): Promise<FaultyRegistry> {
    const faults = new Map<string, Fault>();
    const server = createServer((incoming, answer) => {
      const [, fault] =
        [...faults].find(
          ([name]) => incoming.method === 'PUT' && decodeURIComponent(incoming.url ?? '').includes(name),
        ) ?? [];
      if (fault === 'refused') incoming.resume().on('end', () => answer.writeHead(503).end('{"error":"full"}'));
      else forward(registry, incoming, answer, fault === 'answer lost');
    });
    return await new FaultyRegistry(server, faults).listen();
  }

  private constructor(server: Server, faults: Map<string, Fault>) {
    super(server);
    this.faults = faults;
  }
}

function forward(to: string, incoming: IncomingMessage, answer: ServerResponse, isLost: boolean): void {
  const { method = 'GET', headers } = incoming;
  const outgoing = request(new URL(incoming.url ?? '/', to), { method, headers }, (response) => {
    if (isLost) {
      response.resume().on('end', () => answer.destroy());
      return;
    }
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  outgoing.on('error', () => answer.destroy());
  incoming.pipe(outgoing);
}
