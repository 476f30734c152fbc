import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentInstantiationEpoch, drainRequestPath } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { Drainctl, documentOf, drainctl, linesOf, pasted } from './drainctl-process.ts';
import { planProfiles } from './profiles.ts';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

const LONG_TURN = 600_000;

test('begin --wait names the turns it waits for and ends when it is safe to stop, without a colour in a pipe', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  await busyWith(testbed, 'anna');
  await using waiting = new Drainctl(testbed, 'begin', '--reason', 'update', '--wait', '--heartbeat', '300ms');
  await waiting.says(/still draining, 1 turn left: anna \(\d+ s, last progress \d+ s ago\)/);
  gate.open();
  const { code, stdout, stderr } = await waiting.ended();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/drain begun: [0-9a-f-]{36} \(default\)\n.*draining, 1 turn left: anna/);
  expect(stdout).toMatch(/drained, no turn in flight\nsafe to stop: no turn is in flight and no new turn starts\n$/);
  expect(stdout).not.toContain('\u001b');
  expect((await testbed.client.say('ben', 'hello')).status).toBe(503);
});

test('--json prints one document that names the drain, ndjson one for each event', async () => {
  await using testbed = await Testbed.start();
  const begun = await drainctl(testbed, 'begin', '--json', '--quiet', '--max-age', '90s');
  expect(begun).toMatchObject({ code: 0, stderr: '' });
  const { request_id } = documentOf(begun);
  expect(documentOf(begun)).toMatchObject({ command: 'begin', result: 'begun', exit_code: 0, profile: 'default' });
  const waited = linesOf(await drainctl(testbed, 'wait', '-o', 'ndjson'));
  expect(waited.at(-1)).toMatchObject({ event: 'result', result: 'drained', exit_code: 0, request_id });
  const status = documentOf(await drainctl(testbed, 'status', '--json'));
  expect(status).toMatchObject({ drain: { request_id, suppress_notification: true, safe_to_stop: true } });
});

test('a drain that somebody else holds is left alone, unless one joins it', async () => {
  await using testbed = await Testbed.start();
  const { request_id } = (await testbed.client.beginDrain({ reason: 'theirs' })).body;
  const refused = await drainctl(testbed, 'begin', '--reason', 'ours', '--json');
  expect(refused.code).toBe(5);
  expect(documentOf(refused)).toMatchObject({ result: 'conflict', holder: { request_id, reason: 'theirs' } });
  const joined = await drainctl(testbed, 'begin', '--join', '--json');
  expect([joined.code, documentOf(joined)]).toMatchObject([0, { request_id }]);
});

test('a marker that cannot be read is a drain of an unknown principal: it can be cancelled, and nothing else', async () => {
  await using testbed = await Testbed.start();
  await writeFile(drainRequestPath({ home: testbed.home }), 'not json');
  for (const args of [['begin'], ['begin', '--join'], ['extend']]) {
    expect(await drainctl(testbed, ...args)).toMatchObject({ code: 5, stdout: '' });
  }
  expect(await drainctl(testbed, 'cancel')).toMatchObject({ code: 0 });
  expect(await drainOf(testbed)).toMatchObject({ verdict: { active: false } });
});

test('a drain that was joined is kept alive by its own max age', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  await busyWith(testbed, 'anna');
  await testbed.client.beginDrain({ max_age_seconds: 8 });
  const waiting = drainctl(testbed, 'begin', '--join', '--wait', '--json');
  await isRefreshed(testbed);
  gate.open();
  const joined = await waiting;
  expect([joined.code, documentOf(joined)]).toMatchObject([0, { result: 'drained' }]);
});

test('a deadline leaves the drain on, or cancels it, and is told by 3', async () => {
  await using testbed = await Testbed.start({ turn: LONG_TURN });
  await busyWith(testbed, 'anna');
  const held = await drainctl(testbed, 'begin', '--deadline', '500ms');
  expect(held).toMatchObject({ code: 3, stderr: expect.stringContaining('1 turn left: anna') });
  expect(await drainOf(testbed)).toMatchObject({ verdict: { active: true } });
  const cancelled = await drainctl(testbed, 'wait', '--deadline', '500ms', '--on-deadline', 'cancel', '--json');
  expect([cancelled.code, documentOf(cancelled)]).toMatchObject([3, { result: 'deadline', action: 'cancel' }]);
  expect(await drainOf(testbed)).toMatchObject({ verdict: { active: false } });
});

test('interrupting at the deadline is told as refused where nobody can restart the gateway', async () => {
  await using testbed = await Testbed.start({ turn: LONG_TURN });
  await busyWith(testbed, 'anna');
  const ended = await drainctl(testbed, 'begin', '--deadline', '500ms', '--on-deadline', 'interrupt');
  expect(ended).toMatchObject({
    code: 8,
    stderr: expect.stringMatching(/not drained within .* \(501 no-supervisor\)/s),
  });
  expect(await drainOf(testbed)).toMatchObject({ verdict: { active: true } });
});

test('a wait tells by 4 that somebody has cancelled, and by 5 that somebody else has begun another drain', async () => {
  await using testbed = await Testbed.start({ turn: LONG_TURN });
  await busyWith(testbed, 'anna');
  await using first = new Drainctl(testbed, 'begin', '--wait');
  await first.says(/1 turn left/);
  await testbed.client.cancelDrain();
  expect(await first.ended()).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('was cancelled by another client'),
  });

  await using second = new Drainctl(testbed, 'begin', '--wait', '--json');
  await expect.poll(() => drainOf(testbed)).toMatchObject({ verdict: { active: true } });
  const another = {
    action: 'drain',
    requested_at: new Date().toISOString(),
    principal: 'another',
    epoch: currentInstantiationEpoch(),
    suppress_notification: false,
    request_id: 'another-request',
  };
  const whole = join(testbed.home, 'another.json');
  await writeFile(whole, JSON.stringify(another));
  await rename(whole, drainRequestPath({ home: testbed.home }));
  const ended = await second.ended();
  expect([ended.code, documentOf(ended)]).toMatchObject([5, { result: 'conflict', drain: { principal: 'another' } }]);
  expect(await drainOf(testbed)).toMatchObject({ request_id: 'another-request' });
});

test('a drain expires unless it is refreshed, which begin --wait does', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  await busyWith(testbed, 'anna');
  const waiting = drainctl(testbed, 'begin', '--wait', '--max-age', '8s');
  await isRefreshed(testbed);
  gate.open();
  const kept = await waiting;
  expect(kept).toMatchObject({ code: 0, stderr: '' });
  await drainctl(testbed, 'cancel');

  gate.shut();
  await busyWith(testbed, 'ben');
  const { request_id } = documentOf(await drainctl(testbed, 'begin', '--max-age', '1s', '--json'));
  const expired = await drainctl(testbed, 'wait', '--request', String(request_id), '--json');
  expect([expired.code, documentOf(expired)]).toMatchObject([4, { result: 'expired' }]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s detaches: the drain stays in force, which is said', async (signal) => {
  await using testbed = await Testbed.start({ turn: LONG_TURN });
  await busyWith(testbed, 'anna');
  await using waiting = new Drainctl(testbed, 'begin', '--wait');
  await waiting.says(/1 turn left/);
  waiting.child.kill(signal);
  const ended = await waiting.ended();
  expect(ended).toMatchObject({
    code: null,
    signal,
    stderr: expect.stringContaining('detached: the drain stays in force'),
  });
  expect(await drainOf(testbed)).toMatchObject({ verdict: { active: true } });
});

test('a command that is printed can be pasted: it works on the same profile of the same dashboard', async () => {
  await using testbed = await Testbed.start();
  await planProfiles(testbed.home, 2);
  await using waiting = new Drainctl(testbed, 'begin', '--profile', 'plan-001', '--wait');
  await waiting.says(/ turns left/);
  waiting.child.kill('SIGINT');
  const { stderr } = await waiting.ended();
  const printed = [...stderr.matchAll(/^to .*?: (.*drainctl .*)$/gm)].map(([, line]) => `${line}`);
  expect(printed).toHaveLength(2);
  const [wait = '', cancel = ''] = printed;
  const waited = await pasted(`${wait} --deadline 300ms`);
  expect(waited.stderr).toContain('not drained within');
  expect(waited.code).toBe(3);
  expect(await pasted(cancel)).toMatchObject({ code: 0, stdout: expect.stringContaining('cancelled: ') });
  expect(await pasted(cancel)).toMatchObject({ code: 4, stderr: expect.stringContaining('is not in force') });
});

test('only stalled turns left end a wait with 6', { timeout: 120_000 }, async () => {
  await using testbed = await Testbed.start({ turn: LONG_TURN, config: 'stall_after: 1\n' });
  await busyWith(testbed, 'anna');
  const ended = await drainctl(testbed, 'begin', '--wait', '--json');
  expect([ended.code, documentOf(ended)]).toMatchObject([6, { result: 'stalled', action: 'hold' }]);
  expect(await drainOf(testbed)).toMatchObject({ verdict: { active: true } });
});

test('cancel and extend touch the drain they name and no other', async () => {
  await using testbed = await Testbed.start();
  expect(await drainctl(testbed, 'extend')).toMatchObject({ code: 4 });
  const named = await drainctl(testbed, 'cancel', '--request', 'another', '--json');
  expect([named.code, documentOf(named)]).toMatchObject([4, { result: 'not-draining' }]);
  expect(await drainctl(testbed, 'cancel')).toMatchObject({ code: 0, stdout: 'no drain was in force\n' });
  const request_id = String((await testbed.client.beginDrain({ max_age_seconds: 60 })).body.request_id);
  expect(await drainctl(testbed, 'extend', '--request', 'another')).toMatchObject({ code: 5 });
  expect(await drainctl(testbed, 'cancel', '--request', 'another')).toMatchObject({ code: 5 });
  const extended = documentOf(await drainctl(testbed, 'extend', '--max-age', '2h', '--request', request_id, '--json'));
  expect(extended).toMatchObject({ result: 'extended', request_id });
  expect(Date.parse(String(extended.expires_at))).toBeGreaterThan(Date.now() + 3_600_000);
  const cancelled = documentOf(await drainctl(testbed, 'cancel', '--request', request_id, '--json'));
  expect(cancelled).toMatchObject({ result: 'cancelled', request_id, was_draining: true });
});

test('history tells who asked for what, and --verify by 9 that the record was changed', async () => {
  await using testbed = await Testbed.start();
  await drainctl(testbed, 'begin', '--reason', 'update');
  await drainctl(testbed, 'cancel');
  const { entries } = documentOf(await drainctl(testbed, 'history', '--json')) as { entries: unknown[] };
  expect(entries).toMatchObject([
    { action: 'cancel', result: 'ok' },
    { action: 'drain', reason: 'update' },
  ]);
  const text = (await drainctl(testbed, 'history')).stdout;
  expect(text).toMatch(/^TIME .*\n.* cancel .*\n.* drain .* update\n$/);
  expect(await drainctl(testbed, 'history', '--verify')).toMatchObject({ code: 0, stderr: '' });
  const path = join(testbed.home, 'logs', 'drain-audit.jsonl');
  await writeFile(path, (await readFile(path, 'utf8')).replace('update', 'nothing'));
  const broken = await drainctl(testbed, 'history', '--verify', '--json');
  expect([broken.code, documentOf(broken)]).toMatchObject([9, { result: 'broken', ok: false }]);
});

test('watch shows each change, and ends when its reader leaves', async () => {
  await using testbed = await Testbed.start();
  await using watching = new Drainctl(testbed, 'watch', '--heartbeat', '200ms');
  await watching.says(/gateway running, no drain; no turn in flight/);
  await testbed.client.beginDrain();
  await watching.says(/still drained, no turn in flight/);
  watching.child.stdout?.destroy();
  expect(await watching.ended()).toMatchObject({ code: 141 });
});

async function busyWith({ client }: Testbed, session: string): Promise<void> {
  await client.sayLater(session, 'take your time');
  await expect.poll(async () => (await client.status()).body.active_agents).toBe(1);
}

/** Waits until the drain in force is older than its max age, which only refreshes make possible. */
async function isRefreshed(testbed: Testbed): Promise<void> {
  const expiryOf = async () => Date.parse(String((await drainOf(testbed)).expires_at));
  await expect.poll(expiryOf).toBeGreaterThan(0);
  const first = await expiryOf();
  await expect.poll(async () => (await drainOf(testbed)).verdict).toMatchObject({ active: true });
  await expect.poll(async () => Date.now() > first && (await expiryOf())).toBeGreaterThan(first);
}

async function drainOf({ client }: Testbed): Promise<Record<string, unknown>> {
  return (await client.untilDrained(0)).body;
}
