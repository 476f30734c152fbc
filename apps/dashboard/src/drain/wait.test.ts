import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { clearDrainRequest, drainRequestPath, findProfile, writeDrainRequest } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, test, vi } from 'vitest';
import { readProfileStatus } from '../status/read.ts';
import { AUTHORIZED, type TestDashboard, testDashboard } from '../testing/dashboard.ts';
import { answerDrain } from '../testing/gateway.ts';
import { addProfile } from '../testing/home.ts';

const BOUND_MS = 10_000;
const WAIT = '/api/gateway/drain?until=drained&wait=240';

test('answers at once when no drain is in force', async () => {
  const dashboard = await testDashboard();
  const answer = await wait(await dashboard.listen());
  expect(answer).toMatchObject({ verdict: { active: false }, safe_to_stop: false });
});

test('answers as soon as the gateway says that it is drained, to everybody who waits', async () => {
  const dashboard = await testDashboard();
  const { home, waits, watches } = dashboard;
  await writeDrainRequest({ home });
  await answerDrain(home, 1);
  const url = await dashboard.listen();
  const answers = [wait(url), wait(url), wait(url)];
  await waiting(dashboard, 3);
  expect(watches.size).toBe(1);
  await answerDrain(home, 0);
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ safe_to_stop: true });
  expect([waits.size, watches.size]).toEqual([0, 0]);
});

test('answers when the drain is cancelled: it cannot become drained any more', async () => {
  const dashboard = await testDashboard();
  await writeDrainRequest({ home: dashboard.home });
  const answer = wait(await dashboard.listen());
  await waiting(dashboard, 1);
  await clearDrainRequest({ home: dashboard.home });
  expect(await answer).toMatchObject({ verdict: { active: false, reason: 'absent' }, safe_to_stop: false });
});

test('answers when the drain expires, which no file tells', async () => {
  const dashboard = await testDashboard();
  await writeDrainRequest({ home: dashboard.home, maxAgeSeconds: 1 });
  const answer = await wait(await dashboard.listen());
  expect(answer).toMatchObject({ verdict: { active: false, reason: 'expired' } });
});

test('answers with what there is when the time is up', async () => {
  const { ask, home, watches } = await testDashboard();
  await writeDrainRequest({ home });
  for (const seconds of [0, 1]) {
    const response = await ask({ url: `/api/gateway/drain?until=drained&wait=${seconds}` });
    expect(response.json()).toMatchObject({ verdict: { active: true }, safe_to_stop: false });
  }
  expect(watches.size).toBe(0);
});

test('answers before the usual proxies give up, however long the client would wait', async () => {
  const { ask, home, waits } = await testDashboard();
  await writeDrainRequest({ home });
  const waited = vi.spyOn(waits, 'wait').mockImplementation(async (profile) => readProfileStatus(profile));
  expect((await ask({ url: '/api/gateway/drain?until=drained&wait=90' })).statusCode).toBe(200);
  expect((await ask({ url: '/api/gateway/drain?until=drained&wait=7' })).statusCode).toBe(200);
  expect(waited.mock.calls.map(([, ms]) => ms)).toEqual([50_000, 7_000]);
});

test('each profile is waited for on its own', async () => {
  const dashboard = await testDashboard();
  const { home, watches } = dashboard;
  const profileHome = addProfile(home, 'mail');
  await writeDrainRequest({ home });
  await writeDrainRequest({ home: profileHome });
  const url = await dashboard.listen();
  const answers = [wait(url), wait(url, `${WAIT}&profile=mail`)];
  await waiting(dashboard, 2);
  expect(watches.size).toBe(2);
  await clearDrainRequest({ home: profileHome });
  expect(await answers[1]).toMatchObject({ profile: 'mail' });
  expect(watches.size).toBe(1);
  await clearDrainRequest({ home });
  expect(await answers[0]).toMatchObject({ profile: 'default' });
});

test('no more clients wait than the bound', async () => {
  const dashboard = await testDashboard({ maxWaiters: 1 });
  await writeDrainRequest({ home: dashboard.home });
  const url = await dashboard.listen();
  const first = wait(url);
  await waiting(dashboard, 1);
  const second = await fetch(url + WAIT, { headers: AUTHORIZED });
  expect(second.status).toBe(503);
  expect(second.headers.get('retry-after')).not.toBeNull();
  expect(await second.json()).toMatchObject({ code: 'too-many-waiters' });
  await clearDrainRequest({ home: dashboard.home });
  await first;
});

test('a client that goes away is forgotten', async () => {
  const dashboard = await testDashboard();
  await writeDrainRequest({ home: dashboard.home });
  const gone = request((await dashboard.listen()) + WAIT, { headers: AUTHORIZED }).on('error', () => undefined);
  gone.end();
  await waiting(dashboard, 1);
  gone.destroy();
  await waiting(dashboard, 0);
  expect(dashboard.watches.size).toBe(0);
});

test('closing the dashboard answers those who wait', async () => {
  const dashboard = await testDashboard();
  await writeDrainRequest({ home: dashboard.home });
  const answer = fetch((await dashboard.listen()) + WAIT, { headers: AUTHORIZED });
  await waiting(dashboard, 1);
  await dashboard.app.close();
  const response = await answer;
  expect(await response.json()).toMatchObject({ verdict: { active: true }, safe_to_stop: false });
  expect(response.headers.get('connection')).toBe('close');
  expect(dashboard.watches.size).toBe(0);
});

test('a change between the first look and the watch is not missed', async () => {
  const { home, waits, watches } = await testDashboard();
  await writeDrainRequest({ home });
  vi.spyOn(watches, 'subscribe').mockImplementation(() => {
    rmSync(drainRequestPath({ home }));
    return () => undefined;
  });
  const status = await waits.wait(findProfile('default', { home }), BOUND_MS, new AbortController().signal);
  expect(status.verdict).toMatchObject({ active: false, reason: 'absent' });
});

async function wait(url: string, path = WAIT): Promise<unknown> {
  const response = await fetch(url + path, { headers: AUTHORIZED, signal: AbortSignal.timeout(BOUND_MS) });
  expect(response.status).toBe(200);
  return response.json();
}

async function waiting({ waits }: TestDashboard, count: number): Promise<void> {
  await eventually(() => expect(waits.size).toBe(count));
}
