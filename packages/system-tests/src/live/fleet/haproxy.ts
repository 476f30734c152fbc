import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { freePort } from '../torture/free-port.ts';
import type { Balancer } from './balancer.ts';
import type { FleetGateway } from './gateways.ts';

const SAMPLE = fileURLToPath(new URL('../../../../../deploy/haproxy/gateways.cfg', import.meta.url));
const BOUND_MS = 60_000;

/** What HAProxy has to know of a gateway. */
type Named = Pick<FleetGateway, 'name' | 'port'>;

export interface HAProxyOptions {
  /** Whether a session stays with a gateway. */
  readonly isSticky: boolean;
  /** The configuration. Default: the sample of `deploy`. */
  readonly sample?: string | undefined;
  /** A change of the configuration. Default: none. */
  readonly change?: ((text: string) => string) | undefined;
}

/** HAProxy with the sample of `deploy`, in which only the addresses are other ones. */
export class HAProxy implements Balancer {
  readonly url: string;
  /** Of its runtime API. */
  readonly socket: string;
  readonly #child: ChildProcess;
  readonly #directory: string;
  #said = '';

  private constructor(url: string, child: ChildProcess, directory: string, socket: string) {
    this.url = url;
    this.socket = socket;
    this.#child = child;
    this.#directory = directory;
    child.stderr?.setEncoding('utf8').on('data', (words: string) => {
      this.#said = (this.#said + words).slice(-10_000);
    });
  }

  static async start(gateways: readonly Named[], options: HAProxyOptions): Promise<HAProxy> {
    const directory = mkdtempSync(join(tmpdir(), 'hermes-haproxy-'));
    const port = await freePort();
    const path = join(directory, 'haproxy.cfg');
    const socket = join(directory, 'admin.sock');
    writeFileSync(path, configure({ port, socket, gateways, options }));
    const child = spawn('haproxy', ['-db', '-f', path], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const proxy = new HAProxy(`http://127.0.0.1:${port}`, child, directory, socket);
    try {
      const answers = () => fetch(`${proxy.url}/readyz`).then(({ status }) => status);
      await expect.poll(() => answers().catch(() => proxy.log), { timeout: BOUND_MS }).toBe(200);
      return proxy;
    } catch (error) {
      await proxy[Symbol.asyncDispose]();
      throw error;
    }
  }

  get log(): string {
    return this.#said;
  }

  /** `srv_admin_state` of a gateway, as the runtime API has it. */
  async adminState(gateway: string): Promise<string | undefined> {
    const socket = connect(this.socket).end('show servers state gateways\n');
    const rows = (await text(socket)).split('\n').map((line) => line.split(' '));
    const column = (rows.find(([first]) => first === '#')?.indexOf('srv_admin_state') ?? 0) - 1;
    return rows.find((row) => row[3] === gateway)?.[column];
  }

  /** A request to a gateway that is gone is repeated, so this need not wait for the probes. */
  async whenLeft(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

interface Configured {
  readonly port: number;
  readonly socket: string;
  readonly gateways: readonly Named[];
  readonly options: HAProxyOptions;
}

function configure({ port, socket, gateways, options }: Configured): string {
  const { isSticky, sample = SAMPLE, change = (text) => text } = options;
  const text = change(readFileSync(sample, 'utf8'))
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
    .replaceAll('/run/haproxy/admin.sock', socket);
  const servers = gateways.map((gateway) => `  server ${gateway.name} 127.0.0.1:${gateway.port}`).join('\n');
  const balanced = isSticky
    ? text
    : text.replace(/^ {2}balance .*$/m, '  balance roundrobin').replace(/^ {2}hash-type .*$/m, '');
  return balanced.replace(/(?:^ {2}server \S+ \S+\n)+/m, `${servers}\n`);
}
