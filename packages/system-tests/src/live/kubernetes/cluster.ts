import { expect } from 'vitest';
import { amount } from '../../amount.ts';
import { assembledImage } from '../container/image.ts';
import { Clients, type Message } from '../fleet/clients.ts';
import { Database } from '../fleet/database.ts';
import { Observer } from '../fleet/observer.ts';
import { configWith, podSpec } from './manifest.ts';
import { Pod } from './pod.ts';
import { Service } from './service.ts';

/** How many talk. */
export const CLIENTS = amount('HERMES_FLEET_CLIENTS', 10, 30);
const TURN_MS = 1_000;
const KEY = 'a-key-of-the-API-for-the-tests-of-the-manifests';
const DRAIN_SECRET = Buffer.from(Array.from({ length: 48 }, (_, index) => (index * 89 + 7) % 256)).toString('base64');

const spec = podSpec();
/** What a pod does before it stops. */
export const { command: HOOK } = spec.containers[0].lifecycle.preStop.exec;

/** Whether a client was refused, or lost its connection. */
export function isFailed({ broken, refused }: Message): boolean {
  return broken.length + refused.length > 0;
}

/** Three pods with a database, behind a Service, and clients that talk all the time. */
export class Cluster implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly pods: Pod[] = [];
  database!: Database;
  observer!: Observer;
  service!: Service;
  clients!: Clients;

  static async start(): Promise<Cluster> {
    const cluster = new Cluster();
    try {
      await cluster.#build();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #build(): Promise<void> {
    await assembledImage();
    this.database = this.#stack.use(await Database.start());
    this.observer = this.#stack.use(await Observer.start(TURN_MS));
    const secrets = {
      'api-server-key': KEY,
      'dashboard-drain-secret': DRAIN_SECRET,
      'database-url': this.database.url,
    };
    for (const number of [0, 1, 2]) {
      const name = `hermes-${number}`;
      const config = configWith(this.observer.agentOf(name));
      const pod = await Pod.create({ name, address: `127.0.1.${number + 1}`, spec, config, secrets });
      this.pods.push(this.#stack.use(pod));
    }
    await Promise.all(this.pods.map((pod) => pod.start()));
    this.service = this.#stack.use(await Service.start(spec.containers[0].ports[0]?.containerPort ?? 0));
    await Promise.all(this.pods.map(({ address }) => this.service.add(address, 0)));
    this.clients = new Clients({ url: this.service.url, key: KEY, number: CLIENTS, doesRepeat: false });
    await this.moreAnswers(CLIENTS);
  }

  async moreAnswers(number: number): Promise<void> {
    const goal = this.clients.answered + number;
    await expect.poll(() => this.clients.answered, { timeout: 120_000 }).toBeGreaterThanOrEqual(goal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
