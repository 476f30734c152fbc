import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { freePort } from '../torture/free-port.ts';
import type { Balancer } from './balancer.ts';
import type { FleetGateway } from './gateways.ts';

const SAMPLE = fileURLToPath(new URL('../../../../../deploy/haproxy/gateways.cfg', import.meta.url));
const BOUND_MS = 60_000;

/** HAProxy with the sample of `deploy`, in which only the addresses are other ones. */
export class HAProxy implements Balancer {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(url: string, child: ChildProcess, directory: string) {
    this.url = url;
    this.#child = child;
    this.#directory = directory;
  }

  static async start(gateways: readonly FleetGateway[], { isSticky }: { isSticky: boolean }): Promise<HAProxy> {
    const directory = mkdtempSync(join(tmpdir(), 'hermes-haproxy-'));
    const port = await freePort();
    const path = join(directory, 'haproxy.cfg');
    writeFileSync(path, configure(port, gateways, isSticky));
    const child = spawn('haproxy', ['-db', '-f', path], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (words: string) => {
      said = (said + words).slice(-10_000);
    });
    const proxy = new HAProxy(`http://127.0.0.1:${port}`, child, directory);
    try {
      const answers = () => fetch(`${proxy.url}/readyz`).then(({ status }) => status);
      await expect.poll(() => answers().catch(() => said), { timeout: BOUND_MS }).toBe(200);
      return proxy;
    } catch (error) {
      await proxy[Symbol.asyncDispose]();
      throw error;
    }
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

function configure(port: number, gateways: readonly FleetGateway[], isSticky: boolean): string {
  const text = readFileSync(SAMPLE, 'utf8').replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`);
  const servers = gateways.map((gateway) => `  server ${gateway.name} 127.0.0.1:${gateway.port}`).join('\n');
  const balanced = isSticky
    ? text
    : text.replace(/^ {2}balance .*$/m, '  balance roundrobin').replace(/^ {2}hash-type .*$/m, '');
  return balanced.replace(/(?:^ {2}server \S+ \S+\n)+/m, `${servers}\n`);
}
