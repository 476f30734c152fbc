import { type GatewayStateView, readGatewayState } from '@hermes/drain-contract';
import type { StackClient } from '@hermes/local-stack';
import { afterAll, beforeAll } from 'vitest';
import { Container } from '../container/container.ts';
import { type ProfileOptions, Volume } from '../container/volume.ts';
import { type Publication, published } from './publication.ts';
import { untilAccepting, untilAlive } from './until.ts';

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

  /** The gateway's process, as the container numbers it. */
  get gatewayPid(): number {
    return this.state?.pid ?? 0;
  }

  /** The same of the dashboard. */
  async dashboardPid(): Promise<number> {
    return Number((await this.container.exec(['s6-svstat', '-o', 'pid', '/run/service/dashboard'])).stdout);
  }

  /** Has the gateway crash, as it would out of memory. */
  async killGateway(): Promise<void> {
    const killed = await this.container.exec(['kill', '-KILL', String(this.gatewayPid)]);
    if (killed.code !== 0) throw new Error(`kill: ${killed.stderr}`);
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

  /** Waits until the gateway accepts and has said so, and the dashboard answers. */
  async untilUp(): Promise<void> {
    await untilAccepting(this.url);
    await this.published((state) => state.gateway_state === 'running');
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

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a stage that was built');
  return value;
}
