import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drainRequestPath } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { Drainctl, drainctl } from './drainctl-process.ts';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

const lapseOf = async ({ client }: Testbed) => Date.parse((await client.untilDrained(0)).body.expires_at as string);

const isDraining = ({ home }: Testbed) => existsSync(drainRequestPath({ home }));

test('runs the command when it is safe to stop, with its output on stdout and nothing else, and leaves the drain on', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  await testbed.client.sayLater('anna', 'take your time');
  const running = drainctl(testbed, 'run', '--', 'sh', '-c', 'echo "at work for $DRAINCTL_REQUEST_ID"');
  await expect.poll(() => isDraining(testbed)).toBe(true);
  gate.open();
  const ended = await running;
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^at work for [0-9a-f-]{36}\n$/) });
  expect(ended.stderr).toMatch(/drained, no turn in flight\n.*running sh -c/);
  expect(isDraining(testbed)).toBe(true);
});

test('cancels after a success when it is told to', async () => {
  await using testbed = await Testbed.start();
  expect(await drainctl(testbed, 'run', '--on-success', 'cancel', 'true')).toMatchObject({ code: 0 });
  expect(isDraining(testbed)).toBe(false);
});

test.each([
  ['fails', ['sh', '-c', 'exit 42'], 42],
  ['dies by a signal', ['sh', '-c', 'kill -KILL $$'], 137],
  ['does not exist', ['no-such-command-anywhere'], 127],
  ['cannot be executed', ['/dev/null'], 126],
])('a command that %s cancels the drain, and its status is passed on', async (_what, command, code) => {
  await using testbed = await Testbed.start();
  const ended = await drainctl(testbed, 'run', '--', ...command);
  expect(ended).toMatchObject({ code, stderr: expect.stringContaining('the drain was cancelled') });
  expect(isDraining(testbed)).toBe(false);
});

test.each<[string, Record<string, string> | null]>([
  ['while the command runs', null],
  ['while strangers at the same address send wrong secrets', { authorization: `Bearer ${'w'.repeat(48)}` }],
  ['while strangers at the same address send requests without a secret', {}],
])('keeps the drain alive, and cancels it, %s', async (_when, headers) => {
  await using testbed = await Testbed.start();
  const flag = join(testbed.home, 'enough');
  const script = `echo started; until test -e ${flag}; do sleep 0.1; done`;
  await using running = new Drainctl(testbed, 'run', '--max-age', '8s', '--', 'sh', '-c', script);
  await running.says(/^started$/m);
  const lapse = await lapseOf(testbed);
  if (headers !== null) {
    const stranger = () => fetch(`${testbed.dashboard.url}/api/status`, { headers });
    await Promise.all(Array.from({ length: 30 }, stranger));
  }
  // Longer than it would have lasted by itself: without a gap, it is the same drain all the time.
  await expect.poll(() => lapseOf(testbed)).toBeGreaterThan(lapse + 8_000);
  writeFileSync(flag, '');
  expect(await running.ended()).toMatchObject({ code: 0, stderr: expect.not.stringContaining('takes turns again') });
  expect(await drainctl(testbed, 'cancel')).toMatchObject({ code: 0 });
  expect(isDraining(testbed)).toBe(false);
});

test('says so when somebody cancels the drain under the command, and lets the command finish', async () => {
  await using testbed = await Testbed.start();
  const flag = join(testbed.home, 'go-on');
  const script = `echo started; until test -e ${flag}; do sleep 0.1; done`;
  await using running = new Drainctl(testbed, 'run', '--max-age', '3s', '--', 'sh', '-c', script);
  await running.says(/^started$/m);
  await testbed.client.cancelDrain();
  await running.says(/the drain is gone, and the gateway takes turns again/);
  expect(isDraining(testbed)).toBe(false);
  writeFileSync(flag, '');
  expect(await running.ended()).toMatchObject({ code: 0 });
  expect(isDraining(testbed)).toBe(false);
});

test.each(['SIGTERM', 'SIGINT'] as const)('passes %s on to the command', async (signal) => {
  await using testbed = await Testbed.start();
  const script = `trap 'echo heard; exit 9' ${signal.slice(3)}; echo started; while :; do sleep 0.05; done`;
  await using running = new Drainctl(testbed, 'run', '--', 'sh', '-c', script);
  await running.says(/^started$/m);
  running.child.kill(signal);
  expect(await running.ended()).toMatchObject({ code: 9, stdout: 'started\nheard\n' });
  expect(isDraining(testbed)).toBe(false);
});

test('interrupted before the command, or out of time, it never runs it and cancels', async () => {
  await using testbed = await Testbed.start({ turn: 600_000 });
  await testbed.client.sayLater('anna', 'take your time');
  await using waiting = new Drainctl(testbed, 'run', '--', 'echo', 'never');
  await waiting.says(/1 turn left/);
  waiting.child.kill('SIGINT');
  expect(await waiting.ended()).toMatchObject({ signal: 'SIGINT', stdout: '' });
  expect(waiting.printed).toContain('the drain was cancelled');
  expect(isDraining(testbed)).toBe(false);

  expect(await drainctl(testbed, 'run', '--deadline', '500ms', 'echo', 'never')).toMatchObject({ code: 3, stdout: '' });
  expect(isDraining(testbed)).toBe(false);
});
