import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

const RUNNING = 200;
const QUEUED = 300;

const PATIENCE = { timeout: 120_000, interval: 50 };

for (const [name, release] of [
  ['its cancel', async (testbed: Testbed) => void (await testbed.client.cancelDrain())],
  ['SIGTERM, a restart and its cancel', restartAndCancel],
] as const) {
  test(`${RUNNING} running turns finish under a drain, ${QUEUED} queued ones stay queued and are answered after ${name}`, {
    timeout: 120_000,
  }, async () => {
    await using gate = await TurnGate.start();
    await using testbed = await Testbed.start({ agent: gate.agent, grace: 30 });
    const { client } = testbed;
    const running = await Promise.all(range(RUNNING).map((n) => client.sayLater(`session-${n}`, `running ${n}`)));
    const queued = await Promise.all(
      range(QUEUED).map((n) => client.sayLater(`session-${n % RUNNING}`, `queued ${n}`)),
    );
    expect([...running, ...queued].map((answer) => answer.status)).toEqual(Array(RUNNING + QUEUED).fill(202));

    const begun = await client.beginDrain();
    expect((await client.say('late', 'hello')).status).toBe(503);
    gate.open();
    expect((await client.untilDrained(60)).body).toMatchObject({
      safe_to_stop: true,
      request_id: begun.body.request_id,
    });
    expect(await statuses(testbed, running)).toEqual({ done: RUNNING });
    expect(await statuses(testbed, queued)).toEqual({ accepted: QUEUED });

    await release(testbed);
    await expect.poll(() => statuses(testbed, queued), PATIENCE).toEqual({ done: QUEUED });
    const replies = await Promise.all(
      queued.map(async (answer) => (await testbed.client.turn(answer.body.turn_id)).body.reply),
    );
    expect(replies).toEqual(range(QUEUED).map((n) => `queued ${n}`));
  });
}

async function restartAndCancel(testbed: Testbed): Promise<void> {
  expect(await testbed.gateway.program.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  await testbed.startGateway();
  expect((await testbed.client.untilDrained(20)).body.safe_to_stop).toBe(true);
  await testbed.client.cancelDrain();
}

async function statuses(testbed: Testbed, answers: readonly { body: Readonly<Record<string, unknown>> }[]) {
  const turns = await Promise.all(answers.map((answer) => testbed.client.turn(answer.body.turn_id)));
  const counts: Record<string, number> = {};
  for (const turn of turns) {
    const status = String(turn.body.status);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
