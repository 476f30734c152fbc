import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';

const GUIDE = new URL('../../../../docs/browsers.md', import.meta.url);

/** The code in the guide for web pages. */
export async function codeOfGuide(): Promise<string> {
  const code = /^```js .*?\n(.*?)^```$/ms.exec(await readFile(GUIDE, 'utf8'))?.[1];
  if (code === undefined) throw new Error(`${GUIDE.pathname} has no code in JavaScript`);
  return code;
}

/** A web server with an empty page, by two origins. */
export class PageServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<PageServer> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">');
    });
    return new PageServer(await listening(server));
  }

  get origin(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  /** The same page, to a browser that of another origin. */
  get otherOrigin(): string {
    return `http://localhost:${portOf(this.#server)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }
}

/** A network between a browser and a server, which can be cut. */
export class Network implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Where the other end is now. */
  target: string;

  private constructor(target: string) {
    this.target = target;
    this.#server = createTcpServer((near) => this.#join(near));
  }

  static async to(target: string): Promise<Network> {
    const network = new Network(target);
    await listening(network.#server);
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  /** Ends every connection there is. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.cut();
  }

  #join(near: Socket): void {
    const { hostname, port } = new URL(this.target);
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
