import { startDashboard } from '@hermes/local-stack';
import { expect, test } from 'vitest';
import { Drainctl, drainctl } from './drainctl-process.ts';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

test('a wait survives a dashboard that dies and comes back', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  await testbed.client.sayLater('anna', 'take your time');
  await expect.poll(async () => (await testbed.client.status()).body.active_agents).toBe(1);
  await using waiting = new Drainctl(testbed, 'begin', '--wait', '--deadline', '5m');
  await waiting.says(/1 turn left/);
  const { port } = new URL(testbed.dashboard.url);
  await testbed.dashboard.program.kill('SIGKILL');
  await waiting.says(/cannot reach the dashboard at \S+: ECONNREFUSED; trying again/);
  testbed.dashboard = await startDashboard({
    home: testbed.home,
    env: { HERMES_DASHBOARD_PORT: port, HERMES_DASHBOARD_DRAIN_SECRET: undefined },
    onStderr: () => undefined,
  });
  await waiting.says(/the dashboard answers again/);
  gate.open();
  expect(await waiting.ended()).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  ['the deadline', ['--deadline', '1s']],
  ['its patience', ['--retry-for', '1s']],
])('a dashboard that stays away beyond %s is told by 7', async (_what, args) => {
  await using testbed = await Testbed.start({ turn: 600_000 });
  await testbed.client.sayLater('anna', 'take your time');
  await using waiting = new Drainctl(testbed, 'begin', '--wait', ...args, '--on-stalled', 'wait');
  await waiting.says(/1 turn left/);
  await testbed.dashboard.program.kill('SIGKILL');
  expect(await waiting.ended()).toMatchObject({ code: 7, stderr: expect.stringContaining('cannot reach') });
  expect(await drainctl(testbed, 'status')).toMatchObject({ code: 7, stdout: '' });
});
