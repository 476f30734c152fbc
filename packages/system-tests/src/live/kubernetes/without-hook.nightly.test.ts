import { lacksPostgres } from '@hermes/test-kit/postgres';
import { describe, expect, test } from 'vitest';
import { lackingContainers } from '../container/requirements.ts';
import { Cluster, HOOK, isFailed } from './cluster.ts';

const withoutLead = HOOK.filter((word, index) => word !== '--lead' && HOOK[index - 1] !== '--lead');

describe.skipIf(lackingContainers() || lacksPostgres())('pods that are not stopped as their manifest says', () => {
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
