import { readFileSync } from 'node:fs';
import { type GatewayStateView, readGatewayState } from '@hermes/drain-contract';
import type { StackClient } from '@hermes/local-stack';
import { afterAll, beforeAll } from 'vitest';
import { Container } from '../container/container.ts';
import { pidNamespace, processesIn } from '../container/processes.ts';
import { type ProfileOptions, Volume } from '../container/volume.ts';
import { untilAccepting, untilAlive } from './eventually.ts';
import { type Publication, published } from './publication.ts';

/** A booted container with a dashboard and one running gateway, for all tests of a group: booting takes longest. */
export class Stage {
  readonly #options: ProfileOptions;
  #volume: Volume | undefined;
  #container: Container | undefined;

  constructor(options: ProfileOptions) {
    this.#options = options;
  }

  get volume(): Volume {
    return must(this.#volume);
  }

  get container(): Container {
    return must(this.#container);
  }

  /** The home of the gateway, as the machine sees it. */
  get home(): string {
    return this.volume.home();
  }

  get url(): string {
    return this.volume.url();
  }

  get state(): GatewayStateView | undefined {
    return readGatewayState({ home: this.home });
  }

  /** The gateway's process, as the machine numbers it. */
  get gatewayPid(): number {
    return pidOf(this.container, 'hermes-gateway');
  }

  get dashboardPid(): number {
    return pidOf(this.container, 'hermes-dashboard');
  }

  published(like: (state: GatewayStateView) => boolean): Promise<Publication> {
    return published(this.home, like);
  }

  async build(): Promise<void> {
    this.#volume = await Volume.create();
    await this.#volume.addProfile('default', { intent: 'running', ...this.#options });
    this.#container = await Container.boot({ volume: this.#volume, dashboard: true });
    await this.untilUp();
  }

  /** Waits until the gateway accepts and the dashboard answers. */
  async untilUp(): Promise<void> {
    await untilAccepting(this.url);
    await untilAlive(this.container.dashboardUrl);
  }

  /** What people and operators do, over HTTP. */
  client(): Promise<StackClient> {
    return this.container.client();
  }

  /** Boots if it is down, starts the gateway, ends any drain: what the tests of a group begin with. */
  async reset(): Promise<void> {
    if (!this.container.running) await this.container.start();
    const started = await this.container.exec(['hermes-s6', 'start', 'default']);
    if (started.code !== 0) throw new Error(`hermes-s6 start: ${started.stderr}`);
    await untilAlive(this.container.dashboardUrl);
    await (await this.client()).cancelDrain();
    await this.untilUp();
  }

  async strike(): Promise<void> {
    await this.#container?.[Symbol.asyncDispose]();
    await this.#volume?.[Symbol.asyncDispose]();
  }
}

/** A stage for the tests of this group. */
export function useStage(options: ProfileOptions): Stage {
  const stage = new Stage(options);
  beforeAll(() => stage.build());
  afterAll(() => stage.strike());
  return stage;
}

function pidOf(container: Container, program: string): number {
  const pids = processesIn(pidNamespace(container.pid)).filter((pid) => commandOf(pid).includes(program));
  const [pid] = pids;
  if (pid === undefined || pids.length > 1)
    throw new Error(`${program}: expected one process, found ${pids.length} in the container`);
  return pid;
}

/** The second word: Node runs our programs. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] ?? '';
  } catch {
    return '';
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a stage that was built');
  return value;
}
