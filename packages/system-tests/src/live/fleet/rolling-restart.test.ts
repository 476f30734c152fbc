import { describe, expect, test } from 'vitest';
import type { FleetGateway } from './gateways.ts';
import { lacksServers, percentile, type Route, Stage } from './stage.ts';

/** The full size: 150 clients, turns of 2000 ms, 10 restarts. */
const CLIENTS = Number(process.env.HERMES_FLEET_CLIENTS || 30);
const TURN_MS = Number(process.env.HERMES_FLEET_TURN_MS || 300);
const RESTARTS = Number(process.env.HERMES_FLEET_RESTARTS || 3);

const ROUTES: readonly Route[] = [
  { balancer: 'HAProxy', isSticky: true },
  { balancer: 'HAProxy', isSticky: false },
  { balancer: 'naive', isSticky: true },
  { balancer: 'naive', isSticky: false },
];

describe.skipIf(lacksServers())('three gateways that share a journal', () => {
  test.each(ROUTES)(
    `lose no message in ${RESTARTS} restarts, behind $balancer, sticky: $isSticky`,
    { timeout: 300_000 + RESTARTS * 60_000 },
    async (route) => {
      await using stage = await Stage.start({ ...route, clients: CLIENTS, turnMs: TURN_MS, doesRepeat: false });
      const { all } = stage.gateways;
      for (let restart = 0; restart < RESTARTS; restart += 1) {
        await restartDrained(stage, all[restart % all.length] as FleetGateway);
        await stage.moreAnswers(CLIENTS);
      }
      const messages = await stage.judge();
      const waits = messages.map(({ waited }) => waited);
      console.info(
        `${route.balancer}, sticky ${route.isSticky}: ${RESTARTS} restarts, ${messages.length} messages, answers after ` +
          `${percentile(waits, 0.5)} ms (p50), ${percentile(waits, 0.99)} ms (p99)`,
      );
      expect(messages.filter(({ broken, refused }) => broken.length + refused.length > 0)).toEqual([]);
      expect(stage.observer.runs).toHaveLength(messages.length);
    },
  );
});

async function restartDrained({ balancer }: Stage, gateway: FleetGateway): Promise<void> {
  await gateway.beginDrain();
  await gateway.whenDrained();
  await balancer.whenLeft(gateway);
  await gateway.stop();
  await gateway.cancelDrain();
  await gateway.start();
}
