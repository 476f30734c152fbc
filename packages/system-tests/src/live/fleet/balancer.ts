import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { FleetGateway } from './gateways.ts';

const PROBE_MS = 500;
const KEEP_ALIVE_MS = 3_600_000;
/** A gateway that does not answer a probe within this time is not ready. */
const PROBE_BOUND_MS = 5_000;

const JSON_TYPE = { 'content-type': 'application/json' };

/** What clients talk to. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** What it has said, for people who look for the reason of a failure. */
  readonly log: string;
  /** Resolves when it sends no more requests to a gateway that is not ready. */
  whenLeft(gateway: FleetGateway): Promise<void>;
}

export interface NaiveOptions {
  readonly gateways: readonly FleetGateway[];
  /** Whether all messages of a session go to the same gateway while it is ready. */
  readonly isSticky: boolean;
}

/**
 * A load balancer as simple as can be: it asks each gateway twice a second whether it is ready, takes the ready ones in turn, and
 * never sends anything twice. A client whose connection to the gateway breaks gets 502.
 */
export class NaiveBalancer implements Balancer {
  readonly log = 'a naive load balancer says nothing';
  readonly #gateways: readonly FleetGateway[];
  readonly #isSticky: boolean;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #probes: NodeJS.Timeout;
  #ready: FleetGateway[] = [];
  #next = 0;

  private constructor({ gateways, isSticky }: NaiveOptions) {
    this.#gateways = gateways;
    this.#isSticky = isSticky;
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
    // A client may send a request while an idle connection is being closed.
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#probes = setInterval(() => void this.#probe(), PROBE_MS);
  }

  static async start(options: NaiveOptions): Promise<NaiveBalancer> {
    const balancer = new NaiveBalancer(options);
    await balancer.#probe();
    await once(balancer.#server.listen(0, '127.0.0.1'), 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async whenLeft(gateway: FleetGateway): Promise<void> {
    await expect.poll(() => this.#ready.includes(gateway), { timeout: 60_000 }).toBe(false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#probes);
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #probe(): Promise<void> {
    await Promise.all(
      this.#gateways.map(async (gateway) => {
        const isNow = await isReady(gateway);
        this.#ready = this.#gateways.filter((one) => (one === gateway ? isNow : this.#ready.includes(one)));
      }),
    );
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const gateway = this.#choose(body);
    if (!gateway) {
      outgoing.writeHead(503, JSON_TYPE).end('{"code":"no-gateway"}');
      return;
    }
    const { method, url: path, headers } = incoming;
    const upstream = request({ agent: this.#agent, host: '127.0.0.1', port: gateway.port, method, path, headers });
    upstream.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    });
    upstream.once('error', ({ message }) => {
      const detail = `${gateway.name}: ${message}`;
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502, JSON_TYPE).end(JSON.stringify({ code: 'connection-died', detail }));
    });
    outgoing.once('close', () => upstream.destroy());
    upstream.end(body);
  }

  #choose(body: Buffer): FleetGateway | undefined {
    const session = this.#isSticky ? /"session":"([^"]+)"/.exec(body.toString())?.[1] : undefined;
    this.#next += 1;
    return this.#ready[(session === undefined ? this.#next : hash(session)) % this.#ready.length];
  }
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}

async function isReady({ url }: FleetGateway): Promise<boolean> {
  const probe = fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_BOUND_MS) });
  return probe.then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.status === 200;
    },
    () => false,
  );
}
