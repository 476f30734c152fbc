import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { chooseSeed, randomNumbers } from '../../seed.ts';
import type { FleetGateway } from './gateways.ts';
import { lacksServers, percentile, type Route, Stage } from './stage.ts';

const CLIENTS = Number(process.env.HERMES_FLEET_CLIENTS || 30);
const TURN_MS = Number(process.env.HERMES_FLEET_TURN_MS || 300);
const KILLS = Number(process.env.HERMES_FLEET_KILLS || 6);
const SEED = chooseSeed();

const ROUTES: readonly Route[] = [
  { balancer: 'HAProxy', isSticky: true },
  { balancer: 'naive', isSticky: false },
];

describe.skipIf(lacksServers())('three gateways that share a journal', () => {
  test.each(ROUTES)(
    `answer each message once when ${KILLS} of them are killed, behind $balancer, sticky: $isSticky`,
    { timeout: 300_000 + KILLS * 30_000 },
    async (route) => {
      await using stage = await Stage.start({ ...route, clients: CLIENTS, turnMs: TURN_MS, doesRepeat: true });
      const { all } = stage.gateways;
      const random = randomNumbers(SEED);
      const gaps: number[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        await delay(random() * 2 * TURN_MS);
        const gateway = all[Math.floor(random() * all.length)] as FleetGateway;
        const killedAt = performance.now();
        await gateway.kill();
        await stage.moreAnswers(CLIENTS);
        gaps.push(...timesUntilRepeated(stage, gateway.name, killedAt));
        await gateway.start();
      }
      const messages = await stage.judge();
      const repeated = stage.observer.runs.length - messages.length;
      console.info(
        `seed ${SEED}, ${route.balancer}, sticky ${route.isSticky}: ${KILLS} kills, ${messages.length} messages, ` +
          `${repeated} turns started again after ${percentile(gaps, 0.5)} ms (p50), ${percentile(gaps, 0.99)} ms (p99)`,
      );
      expect(messages.filter(({ refused }) => refused.length > 0)).toEqual([]);
    },
  );
});

/** For each turn that was cut off by the kill: ms until it started elsewhere. */
function timesUntilRepeated({ observer }: Stage, gateway: string, killedAt: number): number[] {
  const cutOff = observer.runs.filter((run) => run.gateway === gateway && !run.isAnswered && run.startedAt <= killedAt);
  return cutOff.flatMap(({ message, endedAt }) => {
    if ((endedAt ?? 0) < killedAt) return [];
    const again = observer.runs.find((run) => run.message === message && run.startedAt > killedAt);
    return again ? [again.startedAt - killedAt] : [];
  });
}
