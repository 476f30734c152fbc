import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacking } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { Testbed } from './testbed.ts';
import { canMoveClock, MovableClock } from './torture/movable-clock.ts';

const TWO_DAYS = 172_800;
const BOUND = { timeout: 120_000, interval: 100 };
const LIVE = { gateway_running: true, active_agents: 1 };

/** A gateway with a turn that lasts, and a dashboard beside it whose clock alone is moved. */
async function start() {
  const directory = mkdtempSync(join(tmpdir(), 'hermes-clock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const clock = new MovableClock(directory);
  const variables = Object.entries(clock.env).map(([name, value]) => `${name}=${value}`);
  const testbed = await Testbed.start({ turn: 600_000, within: { dashboard: ['env', ...variables] } });
  onTestFinished(() => testbed[Symbol.asyncDispose]());
  await testbed.client.sayLater('anna', 'take your time');
  const look = async () => {
    const { status, body } = await testbed.client.status();
    return { http: status, ...body };
  };
  await expect.poll(look, BOUND).toMatchObject(LIVE);
  /** Resolves when the program has seen it: its answers carry its clock. */
  const move = async (seconds: number) => {
    clock.move(seconds);
    const ahead = async () => Date.parse((await testbed.client.status()).headers.get('date') ?? '') - Date.now();
    await expect.poll(async () => Math.abs((await ahead()) - seconds * 1_000) < 60_000, BOUND).toBe(true);
  };
  return { testbed, move, look };
}

const skipped = lacking('the Debian package faketime, to move the clock of a dashboard', canMoveClock);

test.skipIf(skipped)(
  'a clock that is two days ahead for a while kills no gateway and ends no drain of it',
  async () => {
    const { testbed, move, look } = await start();
    const begun = await testbed.client.beginDrain({ max_age_seconds: 3_600 });
    const gatewayDrains = { gateway_state: 'draining', gateway_drainable: false, safe_to_stop: false };
    await expect.poll(look, BOUND).toMatchObject({ ...LIVE, ...gatewayDrains });

    await move(TWO_DAYS);
    expect(await look()).toMatchObject({ http: 200, ...LIVE, gateway_state: 'draining', safe_to_stop: false });
    expect((await testbed.client.say('bob', 'hello')).status).toBe(503);

    await move(0);
    expect(await look()).toMatchObject({ http: 200, ...LIVE, ...gatewayDrains });
    // It lasts as long as it was asked to.
    const again = await testbed.client.beginDrain({ max_age_seconds: 3_600 });
    expect(again.body.request_id).toBe(begun.body.request_id);
    expect((await testbed.client.cancelDrain()).status).toBe(200);
    await expect.poll(look, BOUND).toMatchObject({ ...LIVE, gateway_state: 'running' });
  },
);

test.skipIf(skipped)(
  'a drain that begins while the clock is ahead is in force, and can be cancelled afterwards',
  async () => {
    const { testbed, move, look } = await start();
    await move(TWO_DAYS);
    expect((await testbed.client.beginDrain()).status).toBe(200);
    await expect.poll(look, BOUND).toMatchObject({ ...LIVE, gateway_state: 'draining' });
    await move(0);
    expect(await look()).toMatchObject({ ...LIVE, gateway_state: 'draining', safe_to_stop: false });
    expect((await testbed.client.cancelDrain()).status).toBe(200);
    await expect.poll(look, BOUND).toMatchObject({ ...LIVE, gateway_state: 'running' });
  },
);

test.skipIf(skipped)('a clock that jumps locks nobody out', async () => {
  const { testbed, move, look } = await start();
  const wrong = async () => {
    const headers = { authorization: 'Bearer wrong' };
    return (await fetch(new URL('/api/status', testbed.dashboard.url), { headers })).status;
  };
  for (let attempt = 0; attempt < 4; attempt += 1) expect([401, 429]).toContain(await wrong());
  for (const seconds of [TWO_DAYS, 0]) {
    await move(seconds);
    expect(await look()).toMatchObject({ http: 200, ...LIVE });
    expect([401, 429]).toContain(await wrong());
  }
  await expect.poll(wrong, BOUND).toBe(401);
});
