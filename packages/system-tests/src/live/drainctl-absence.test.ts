import { formatIsoDateTime } from '@hermes/drain-contract';
import { freeze } from '@hermes/test-kit';
import { expect, test } from 'vitest';
import { Drainctl, documentOf, drainctl } from './drainctl-process.ts';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

const LONG_TURN = 600_000;

test('a gateway that was killed has died, with its turns, and a wait without a deadline ends', async () => {
  await using testbed = await Testbed.start({ turn: LONG_TURN });
  await busyWith(testbed, 'anna');
  await testbed.gateway.program.kill('SIGKILL');
  const late = await drainctl(testbed, 'begin', '--deadline', '1s');
  expect(late.stderr).toMatch(/not drained within 1 s: the gateway died after \d\d:\d\d:\d\d with 1 turn in flight/);
  expect(late.code).toBe(11);
  const ended = await drainctl(testbed, 'wait', '--json');
  expect([ended.code, documentOf(ended)]).toMatchObject([11, { result: 'died', status: { liveness: 'died' } }]);
  expect((await drainctl(testbed, 'status')).stdout).toMatch(/^default: the gateway died after .* with 1 turn/);
});

test('a gateway that is started again in time is waited for', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  await busyWith(testbed, 'anna');
  await using waiting = new Drainctl(testbed, 'begin', '--wait', '--json');
  await expect.poll(async () => (await testbed.client.untilDrained(0)).body.verdict).toMatchObject({ active: true });
  await testbed.gateway.program.kill('SIGKILL');
  await testbed.startGateway();
  gate.open();
  expect(documentOf(await waiting.ended())).toMatchObject({ result: 'drained' });
});

test('a gateway that was stopped is stopped', async () => {
  await using testbed = await Testbed.start();
  await testbed.gateway.program.kill('SIGTERM');
  const ended = await drainctl(testbed, 'begin', '--deadline', '1s', '--json');
  expect([ended.code, documentOf(ended)]).toMatchObject([10, { result: 'stopped', action: 'hold' }]);
  expect(documentOf(ended).message).toContain('the gateway is stopped, so no turn is running');
});

test('a gateway that is suspended is frozen, and drains once it is resumed', async () => {
  await using testbed = await Testbed.start();
  const { pid } = testbed.gateway.program;
  await freeze(pid);
  try {
    const ended = await drainctl(testbed, 'begin', '--deadline', '38s', '--json');
    expect([ended.code, documentOf(ended)]).toMatchObject([
      12,
      { result: 'frozen', status: { liveness: 'frozen', pid } },
    ]);
    expect(documentOf(ended).message).toMatch(new RegExp(`no heartbeat for \\d+ s, process ${pid} is still there`));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect(await drainctl(testbed, 'wait')).toMatchObject({ code: 0 });
});

test('a drain that lapsed is said, with its time', async () => {
  await using testbed = await Testbed.start({ turn: LONG_TURN });
  await busyWith(testbed, 'anna');
  await using watching = new Drainctl(testbed, 'watch');
  const { request_id, requested_at } = documentOf(await drainctl(testbed, 'begin', '--max-age', '1s', '--json'));
  await watching.says(/the drain expired at \d\d:\d\d:\d\d/);
  const ended = await drainctl(testbed, 'wait', '--request', String(request_id), '--json');
  const expired_at = formatIsoDateTime(Date.parse(String(requested_at)) + 1_000);
  expect([ended.code, documentOf(ended)]).toMatchObject([4, { result: 'expired', drain: { expired_at } }]);
  expect((await drainctl(testbed, 'status')).stdout).toMatch(/the drain expired at \d\d:\d\d:\d\d/);
});

async function busyWith({ client }: Testbed, session: string): Promise<void> {
  await client.sayLater(session, 'take your time');
  await expect.poll(async () => (await client.status()).body.active_agents).toBe(1);
}
