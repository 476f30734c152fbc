import { lacksPostgres } from '@hermes/test-kit/postgres';
import { describe, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { lackingContainers } from '../container/requirements.ts';
import { judge } from '../fleet/judge.ts';
import { CLIENTS, Cluster, HOOK, isFailed } from './cluster.ts';

drives(
  'kubernetes',
  'the pods of `deploy/kubernetes/postgres` as their manifest says, replaced one after another behind a proxy whose endpoints change 3 s late',
  {},
);

/** Ms until every node has heard that a pod is to stop, or is ready. */
const PROPAGATION_MS = 3_000;

describe.skipIf(lackingContainers() || lacksPostgres())('pods of deploy/kubernetes/postgres', () => {
  test('are replaced one after another, and no client notices', { timeout: 600_000 }, async () => {
    await using cluster = await Cluster.start();
    const { pods, service, clients } = cluster;
    for (const pod of pods.toReversed()) {
      const removed = service.remove(pod.address, PROPAGATION_MS);
      expect(await pod.stop(HOOK), pod.log).toEqual({ hook: 0, signal: 'SIGTERM' });
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
});
