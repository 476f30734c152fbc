import { describe, expect, test } from 'vitest';
import type { FleetGateway } from './gateways.ts';
import { lacksServers, percentile, type Route, Stage } from './stage.ts';

/** The full size of each: 150 clients, turns of 2000 ms, 10 restarts. */
const CLIENTS = process.env.HERMES_FLEET_CLIENTS;
const TURN_MS = process.env.HERMES_FLEET_TURN_MS;
const RESTARTS = Number(process.env.HERMES_FLEET_RESTARTS || 3);

/** A way to the gateways, and how much goes over it unless a variable says otherwise. */
export interface SizedRoute extends Route {
  readonly size: readonly [clients: number, turnMs: number];
}

/** A rolling restart of three gateways over each of the routes, as tests. */
export function testRollingRestart(routes: readonly SizedRoute[]): void {
  describe.skipIf(lacksServers())('three gateways that share a journal', () => {
    test.each(routes)(
      `lose no message in ${RESTARTS} restarts, behind $balancer, sticky: $isSticky`,
      { timeout: 300_000 + RESTARTS * 60_000 },
      async ({ size, ...route }) => {
        const [clients, turnMs] = [Number(CLIENTS || size[0]), Number(TURN_MS || size[1])];
        await using stage = await Stage.start({ ...route, clients, turnMs, doesRepeat: false });
        const { all } = stage.gateways;
        for (let restart = 0; restart < RESTARTS; restart += 1) {
          await restartDrained(stage, all[restart % all.length] as FleetGateway);
          await stage.moreAnswers(clients);
        }
        const messages = await stage.judge();
        const waits = messages.map(({ waited }) => waited);
        console.info(
          `${route.balancer}, sticky ${route.isSticky}: ${RESTARTS} restarts, ${clients} clients, ${messages.length} messages, answers after ` +
            `${percentile(waits, 0.5)} ms (p50), ${percentile(waits, 0.99)} ms (p99)`,
        );
        const failed = messages.filter(({ broken, refused }) => broken.length + refused.length > 0);
        expect(failed, stage.balancer.log).toEqual([]);
        expect(stage.observer.runs).toHaveLength(messages.length);
      },
    );
  });
}

async function restartDrained({ balancer }: Stage, gateway: FleetGateway): Promise<void> {
  await gateway.beginDrain();
  await gateway.whenDrained();
  await balancer.whenLeft(gateway);
  await gateway.stop();
  await gateway.cancelDrain();
  await gateway.start();
}
