import { lacking, runs } from '@hermes/test-kit';
import { lacksPostgres } from '@hermes/test-kit/postgres';
import { expect } from 'vitest';
import { type Balancer, NaiveBalancer } from './balancer.ts';
import { Clients, type ClientsOptions, type Message } from './clients.ts';
import { Database } from './database.ts';
import { Gateways } from './gateways.ts';
import { HAProxy, type HAProxyOptions } from './haproxy.ts';
import { judge } from './judge.ts';
import { Observer } from './observer.ts';
import type { CutOff } from './verdict.pure.ts';

/** What clients talk to, and whether a session stays with a gateway. */
export interface Route {
  readonly balancer: 'HAProxy' | 'naive';
  readonly isSticky: boolean;
}

export interface StageOptions extends Route, Pick<HAProxyOptions, 'sample' | 'change'>, Pick<ClientsOptions, 'hasIds'> {
  readonly clients: number;
  readonly turnMs: number;
  /** Whether clients send again what was refused or cut off. */
  readonly doesRepeat: boolean;
}

/** For `skipIf`. */
export function lacksServers(): boolean {
  const lacksDatabase = lacksPostgres();
  return lacking('HAProxy (apt-get install haproxy)', runs('haproxy', '-v')) || lacksDatabase;
}

/** Three gateways on one database, a load balancer, and clients that talk all the time. */
export class Stage implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  database!: Database;
  observer!: Observer;
  gateways!: Gateways;
  balancer!: Balancer;
  clients!: Clients;
  readonly startedAt = performance.now();

  static async start(options: StageOptions): Promise<Stage> {
    const stage = new Stage();
    try {
      await stage.#build(options);
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #build(options: StageOptions): Promise<void> {
    const { clients, turnMs, doesRepeat, hasIds } = options;
    const { database, observer } = this.#use(await Database.start(), await Observer.start(turnMs));
    this.gateways = this.#stack.use(await Gateways.start({ database, observer }));
    this.balancer = this.#stack.use(await startBalancer(options, this.gateways));
    this.clients = new Clients({ url: this.balancer.url, number: clients, doesRepeat, hasIds });
    await this.moreAnswers(clients);
  }

  #use(database: Database, observer: Observer) {
    this.database = this.#stack.use(database);
    this.observer = this.#stack.use(observer);
    return this;
  }

  /** Waits until so many more messages have been answered. */
  async moreAnswers(number: number): Promise<void> {
    const goal = this.clients.answered + number;
    await expect.poll(() => this.clients.answered, { timeout: 120_000 }).toBeGreaterThanOrEqual(goal);
  }

  /** Ends the load, and compares what the observer, the clients and the database say. */
  judge(cutOff: readonly CutOff[] = []): Promise<readonly Message[]> {
    return judge({ ...this, logs: this.gateways.all.map(({ name, log }) => ({ name, log })) }, cutOff);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

async function startBalancer({ balancer, ...options }: StageOptions, { all }: Gateways): Promise<Balancer> {
  if (balancer === 'HAProxy') return HAProxy.start(all, options);
  return NaiveBalancer.start({ gateways: all, isSticky: options.isSticky });
}

/** The `part` of the values, from 0 to 1. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN);
}
