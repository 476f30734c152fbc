import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

test('a drain refuses the next message, lets the running turn finish, and tells when it is safe to stop', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  const { client } = testbed;
  const running = client.say('anna', 'take your time');
  await expect.poll(async () => (await client.status()).body.active_agents).toBe(1);

  const begun = await client.beginDrain({ reason: 'update' });
  expect(begun.status).toBe(200);
  const refused = await client.say('ben', 'hello');
  expect(refused).toMatchObject({
    status: 503,
    body: { code: 'draining', detail: expect.stringContaining('draining') },
  });
  expect(refused.headers.get('retry-after')).not.toBeNull();
  expect((await client.ready()).status).toBe(503);
  const draining = { gateway_state: 'draining', active_agents: 1 };
  await expect
    .poll(async () => (await client.untilDrained(0)).body)
    .toMatchObject({ safe_to_stop: false, gateway: draining });

  const drained = client.untilDrained(30);
  gate.open();
  expect(await running).toMatchObject({ status: 200, body: { status: 'done', reply: 'take your time' } });
  expect((await drained).body).toMatchObject({ safe_to_stop: true, request_id: begun.body.request_id });

  expect((await client.cancelDrain()).body).toMatchObject({ ok: true, was_draining: true });
  expect(await client.say('ben', 'hello again')).toMatchObject({ status: 200, body: { reply: 'hello again' } });
  expect((await client.status()).body).toMatchObject({ gateway_state: 'running', safe_to_stop: false });
});

test('messages that wait behind a running turn stay queued under a drain and are answered in order after its cancel', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  const { client } = testbed;
  const first = client.say('anna', 'one');
  await expect.poll(async () => (await client.status()).body.active_agents).toBe(1);
  const queued = [await client.sayLater('anna', 'two'), await client.sayLater('anna', 'three')];
  await client.beginDrain();
  gate.open();
  expect((await first).body).toMatchObject({ status: 'done' });
  expect((await client.untilDrained(30)).body).toMatchObject({ safe_to_stop: true });
  for (const answer of queued) expect((await client.turn(answer.body.turn_id)).body.status).toBe('accepted');

  await client.cancelDrain();
  for (const answer of queued) {
    await expect.poll(async () => (await client.turn(answer.body.turn_id)).body.status).toBe('done');
  }
  const [two, three] = await Promise.all(queued.map((answer) => client.turn(answer.body.turn_id)));
  expect(String(two?.body.ended_at) <= String(three?.body.started_at)).toBe(true);
});
