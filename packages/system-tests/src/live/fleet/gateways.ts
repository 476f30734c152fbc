import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearDrainRequest, readGatewayState, writeDrainRequest } from '@hermes/drain-contract';
import { type RunningGateway, startGateway } from '@hermes/local-stack';
import { freeze } from '@hermes/test-kit';
import { expect } from 'vitest';
import { freePort } from '../torture/free-port.ts';
import type { Database } from './database.ts';
import type { Observer } from './observer.ts';

const BOUND_MS = 120_000;

/** The schema of the tests. */
export const SCHEMA = 'hermes';

export interface FleetOptions {
  /** Without one, each gateway has a journal of its own. */
  readonly database?: Database;
  readonly observer: Observer;
  readonly size?: number;
}

/** One of several gateways: a home and a port of its own, over all lives of its process. */
export class FleetGateway {
  readonly name: string;
  readonly home: string;
  readonly port: number;
  readonly #databaseUrl: string | undefined;
  #running: RunningGateway | undefined;
  #log = '';
  isFrozen = false;

  constructor(name: string, home: string, port: number, databaseUrl: string | undefined) {
    this.name = name;
    this.home = home;
    this.port = port;
    this.#databaseUrl = databaseUrl;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.#running?.program.running === true;
  }

  get pid(): number {
    return this.#running?.program.pid ?? 0;
  }

  /** The end of what it has logged, over all lives. */
  get log(): string {
    return this.#log;
  }

  async start(): Promise<void> {
    this.isFrozen = false;
    this.#running = await startGateway({
      home: this.home,
      env: { DATABASE_URL: this.#databaseUrl, API_SERVER_PORT: String(this.port), API_SERVER_KEY: undefined },
      onStderr: (text) => {
        this.#log = (this.#log + text).slice(-200_000);
      },
    });
  }

  /** SIGTERM, and waits for the end. */
  async stop(): Promise<void> {
    const exit = await this.#running?.program.stop();
    if (exit?.signal !== 'SIGTERM') throw new Error(`${this.name} ended with ${JSON.stringify(exit)}:\n${this.#log}`);
  }

  async kill(): Promise<void> {
    await this.#running?.program.kill('SIGKILL');
  }

  /** SIGSTOP, and waits until it has taken effect. */
  async freeze(): Promise<void> {
    this.isFrozen = true;
    if (!this.isRunning) return;
    await freeze(this.pid);
  }

  thaw(): void {
    this.isFrozen = false;
    if (this.isRunning) process.kill(this.pid, 'SIGCONT');
  }

  async beginDrain(): Promise<void> {
    await writeDrainRequest({ home: this.home, principal: 'test' });
  }

  async cancelDrain(): Promise<void> {
    await clearDrainRequest({ home: this.home });
  }

  /** Until it has published that it drains and that no turn runs. */
  async whenDrained(): Promise<void> {
    const state = async () => {
      const { gateway_state, active_agents } = (await readGatewayState({ home: this.home })) ?? {};
      return { gateway_state, active_agents };
    };
    await expect.poll(state, { timeout: BOUND_MS }).toEqual({ gateway_state: 'draining', active_agents: 0 });
  }
}

/** Several gateways on one database; gone without a trace when disposed. */
export class Gateways implements AsyncDisposable {
  readonly #directory: string;
  readonly all: FleetGateway[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async start({ database, observer, size = 3 }: FleetOptions): Promise<Gateways> {
    const fleet = new Gateways(await mkdtemp(join(tmpdir(), 'hermes-fleet-')));
    try {
      for (let number = 1; number <= size; number += 1) {
        const name = `gw${number}`;
        const home = join(fleet.#directory, name);
        await mkdir(home);
        await writeFile(join(home, 'config.yaml'), configOf(name, observer.agentOf(name), database !== undefined));
        fleet.all.push(new FleetGateway(name, home, await freePort(), database?.url));
      }
      await Promise.all(fleet.all.map((gateway) => gateway.start()));
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((gateway) => gateway.kill()));
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function configOf(name: string, agent: string, isShared: boolean): string {
  const shared = `journal: { kind: postgres, url_env: DATABASE_URL, schema: ${SCHEMA}, name: ${name} }
on_drain: handover
`;
  return `agent: ${agent}
restart_drain_timeout: 20
${isShared ? shared : ''}`;
}
