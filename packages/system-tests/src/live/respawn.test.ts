import { existsSync } from 'node:fs';
import { readFile, watch, writeFile } from 'node:fs/promises';
import { drainRequestPath, readGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

test('a gateway that is killed and started again in the same boot is still draining, and was never running in between', async () => {
  await using testbed = await Testbed.start();
  const begun = await testbed.client.beginDrain({ reason: 'migration' });
  await expect.poll(() => readGatewayState({ home: testbed.home })?.gateway_state).toBe('draining');
  await testbed.gateway.program.kill('SIGKILL');
  await expect.poll(async () => (await testbed.client.status()).body.gateway_running).toBe(false);

  const states = recordStates(testbed.home);
  await testbed.startGateway();
  expect(await testbed.client.say('anna', 'hello')).toMatchObject({ status: 503, body: { code: 'draining' } });
  expect((await testbed.client.untilDrained(10)).body).toMatchObject({
    safe_to_stop: true,
    request_id: begun.body.request_id,
  });
  expect(await states.stop()).not.toContain('running');

  await testbed.client.cancelDrain();
  expect((await testbed.client.say('anna', 'hello')).status).toBe(200);
});

test('a marker from before a restart of the machine does not stop a fresh gateway, and does not look like a drain', async () => {
  await using testbed = await Testbed.start();
  await testbed.client.beginDrain();
  const path = drainRequestPath({ home: testbed.home });
  const marker = JSON.parse(await readFile(path, 'utf8'));
  await testbed.gateway.program.kill('SIGKILL');
  await writeFile(path, JSON.stringify({ ...marker, epoch: 'another-boot:1' }));

  await testbed.startGateway();
  expect((await testbed.client.say('anna', 'hello')).status).toBe(200);
  expect((await testbed.client.status()).body).toMatchObject({ gateway_state: 'running', safe_to_stop: false });
  await expect.poll(() => testbed.gateway.program.stderr).toContain('from before a restart');
  expect((await testbed.client.untilDrained(0)).body).toMatchObject({
    verdict: { active: false, reason: 'stale-epoch' },
  });
});

test('SIGTERM under a drain lets the running turn finish and leaves the marker to the next start', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  const running = testbed.client.say('anna', 'nearly done');
  await expect.poll(async () => (await testbed.client.status()).body.active_agents).toBe(1);
  await testbed.client.beginDrain();
  const ended = testbed.gateway.program.kill('SIGTERM');
  await expect.poll(() => readGatewayState({ home: testbed.home })?.gateway_state).toBe('stopping');
  gate.open();
  expect(await running).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
  expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(readGatewayState({ home: testbed.home })).toMatchObject({
    gateway_state: 'stopped',
    exit: { signal: 'SIGTERM', interrupted: 0 },
  });
  expect((await testbed.client.status()).body).toMatchObject({
    gateway_state: 'stopped',
    gateway_running: false,
    safe_to_stop: false,
  });
  expect(existsSync(drainRequestPath({ home: testbed.home }))).toBe(true);
});

/** Every state that the gateway of `home` publishes from now on. */
function recordStates(home: string) {
  const ended = new AbortController();
  const seen: unknown[] = [];
  const recording = (async () => {
    for await (const _ of watch(home, { signal: ended.signal })) seen.push(readGatewayState({ home })?.gateway_state);
  })().catch(() => undefined);
  return {
    async stop() {
      ended.abort();
      await recording;
      return seen;
    },
  };
}
