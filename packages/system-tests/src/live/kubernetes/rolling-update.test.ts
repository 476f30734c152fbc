import { lacksPostgres } from '@hermes/test-kit/postgres';
import { describe, expect, test } from 'vitest';
import { assembledImage } from '../container/image.ts';
import { lackingContainers } from '../container/requirements.ts';
import { Clients, type Message } from '../fleet/clients.ts';
import { Database } from '../fleet/database.ts';
import { judge } from '../fleet/judge.ts';
import { Observer } from '../fleet/observer.ts';
import { configWith, podSpec } from './manifest.ts';
import { Pod } from './pod.ts';
import { Service } from './service.ts';

/** Ms until every node has heard that a pod is to stop, or is ready. */
const PROPAGATION_MS = 3_000;
const CLIENTS = 30;
const TURN_MS = 1_000;
const KEY = 'a-key-of-the-API-for-the-tests-of-the-manifests';
const DRAIN_SECRET = Buffer.from(Array.from({ length: 48 }, (_, index) => (index * 89 + 7) % 256)).toString('base64');

const spec = podSpec();
const { command: hook } = spec.containers[0].lifecycle.preStop.exec;
const withoutLead = hook.filter((word, index) => word !== '--lead' && hook[index - 1] !== '--lead');

describe.skipIf(lackingContainers() || lacksPostgres())('pods of deploy/kubernetes/postgres', () => {
  test('are replaced one after another, and no client notices', { timeout: 600_000 }, async () => {
    await using cluster = await Cluster.start();
    const { pods, service, clients } = cluster;
    for (const pod of pods.toReversed()) {
      const removed = service.remove(pod.address, PROPAGATION_MS);
      expect(await pod.stop(hook), pod.log).toEqual({ hook: 0, signal: 'SIGTERM' });
      await removed;
      await pod.start();
      await service.add(pod.address, PROPAGATION_MS);
      await cluster.moreAnswers(CLIENTS);
    }
    const messages = await judge({ ...cluster, logs: pods });
    console.info(`Kubernetes, played: 3 pods replaced, ${CLIENTS} clients, ${messages.length} messages`);
    expect(messages.filter(isFailed)).toEqual([]);
    for (const { log } of pods) expect(log).not.toContain('scan directory');
    expect(cluster.observer.runs).toHaveLength(clients.messages.length);
  });

  test.each([
    ['without the hook', undefined],
    ['with a hook that has no lead', withoutLead],
  ])('fail clients when they are stopped %s', { timeout: 300_000 }, async (what, otherHook) => {
    await using cluster = await Cluster.start();
    const [pod] = cluster.pods;
    if (pod === undefined) throw new Error('expected a pod');
    // Until then, not every node knows.
    const failed = expect.poll(() => cluster.clients.messages.filter(isFailed).length).toBeGreaterThan(0);
    await pod.stop(otherHook);
    await failed;
    await cluster.service.remove(pod.address, 0);
    await cluster.clients.finish();
    const { messages } = cluster.clients;
    console.info(`Kubernetes, played: a pod stopped ${what}: ${messages.filter(isFailed).length} messages failed`);
  });
});

function isFailed({ broken, refused }: Message): boolean {
  return broken.length + refused.length > 0;
}

/** Three pods with a database, behind a Service, and clients that talk all the time. */
class Cluster implements AsyncDisposable {
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
