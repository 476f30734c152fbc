import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A Service as kube-proxy plays it: each new connection goes to the next endpoint, an open one stays where it is. A change of
 * the endpoints takes effect seconds later. It forwards bytes, and repeats nothing.
 */
export class Service implements AsyncDisposable {
  readonly #server: Server;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #endpoints: readonly string[] = [];
  #next = 0;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((client) => this.#forward(client));
  }

  /** @param port of the pods. */
  static async start(port: number): Promise<Service> {
    const service = new Service(port);
    await once(service.#server.listen(0, '127.0.0.1'), 'listening');
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get endpoints(): readonly string[] {
    return this.#endpoints;
  }

  /** New connections go to `address`, too, after `delayMs`. */
  async add(address: string, delayMs: number): Promise<void> {
    await delay(delayMs);
    this.#endpoints = [...this.#endpoints, address];
  }

  /** No new connections go to `address` any more, after `delayMs`. */
  async remove(address: string, delayMs: number): Promise<void> {
    await delay(delayMs);
    this.#endpoints = this.#endpoints.filter((endpoint) => endpoint !== address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #forward(client: Socket): void {
    this.#next += 1;
    const host = this.#endpoints[this.#next % this.#endpoints.length];
    if (host === undefined) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(this.#port, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(from);
      from.once('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  }
}
