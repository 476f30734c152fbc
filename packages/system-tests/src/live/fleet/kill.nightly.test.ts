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
      await stage.database.whenSteady();
      const { all } = stage.gateways;
      const random = randomNumbers(SEED);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await delay(random() * 2 * TURN_MS);
        const gateway = all[Math.floor(random() * all.length)] as FleetGateway;
        await gateway.kill();
        await stage.moreAnswers(CLIENTS);
        await gateway.start();
      }
      const messages = await stage.judge();
      const gaps = timesUntilRepeated(stage);
      console.info(
        `seed ${SEED}, ${route.balancer}, sticky ${route.isSticky}: ${KILLS} kills, ${messages.length} messages, ` +
          `${stage.observer.runs.length - messages.length} turns started again, those that were cut off after ` +
          `${percentile(gaps, 0.5)} ms (p50), ${percentile(gaps, 0.99)} ms (p99)`,
      );
      expect(messages.filter(({ refused }) => refused.length > 0)).toEqual([]);
    },
  );
});

/** For each turn whose agent lost its gateway: ms until it started elsewhere. */
function timesUntilRepeated({ observer }: Stage): number[] {
  const runs = [...Map.groupBy(observer.runs, ({ message }) => message).values()];
  return runs.flatMap((own) =>
    own.slice(1).flatMap((again, index) => {
      const before = own[index];
      return before?.endedAt === undefined || before.isAnswered ? [] : [again.startedAt - before.endedAt];
    }),
  );
}
