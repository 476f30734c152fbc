import { describe, expect, test } from 'vitest';
import { NOTICE_MS } from './chaos.ts';
import { type FleetGateway, SCHEMA } from './gateways.ts';
import { lacksServers, Stage } from './stage.ts';

const CLIENTS = 15;

describe.skipIf(lacksServers())('three gateways that share a journal', () => {
  test('start the turns of a frozen gateway elsewhere, and refuse its late ends', async () => {
    const route = { balancer: 'naive', isSticky: false } as const;
    await using stage = await Stage.start({ ...route, clients: CLIENTS, turnMs: 500, doesRepeat: true });
    await stage.database.whenSteady();
    const [frozen] = stage.gateways.all as [FleetGateway];
    await expect.poll(async () => (await runningAt(stage, frozen)).length).toBeGreaterThan(2);
    const from = performance.now();
    await frozen.freeze();
    const cutOff = await runningAt(stage, frozen);
    const repeated = () =>
      stage.observer.runs.filter(({ gateway, message, startedAt }) => {
        return gateway !== frozen.name && startedAt > from && cutOff.includes(message);
      });
    await expect.poll(() => repeated().length).toBe(cutOff.length);
    const waited = Math.max(...repeated().map(({ startedAt }) => startedAt - from));
    frozen.thaw();
    await stage.moreAnswers(2 * CLIENTS);
    await stage.judge([{ gateway: frozen.name, from, to: performance.now() + NOTICE_MS }]);
    console.info(`${cutOff.length} turns of a frozen gateway started again after ${Math.round(waited)} ms`);
    // It is a gateway like the others again.
    await expect.poll(() => fetch(`${frozen.url}/readyz`).then(({ status }) => status)).toBe(200);
  });
});

/** The message ids of the turns that a gateway runs, by the database. */
async function runningAt({ database }: Stage, { name }: FleetGateway): Promise<string[]> {
  const sql = `select message_id from ${SCHEMA}.turns join ${SCHEMA}.gateways using (owner)
    where status = 'running' and name = '${name}'`;
  return (await database.query<{ message_id: string }>(sql)).map(({ message_id }) => message_id);
}
