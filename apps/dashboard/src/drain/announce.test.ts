import { writeFileSync } from 'node:fs';
import { drainRequestPath, formatIsoDateTime, readDrainRequest } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { problemOf, testDashboard } from '../testing/dashboard.ts';
import { answerDrain } from '../testing/gateway.ts';

const DRAIN = '/api/gateway/drain';
const MINE = 'a0b1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c4d';
const OTHER = 'b0b1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c4d';

async function drains() {
  const { ask, home } = await testDashboard();
  const post = (payload: object) => ask({ method: 'POST', url: DRAIN, payload });
  const show = async (query = '') => (await ask({ url: `${DRAIN}${query}` })).json();
  return { home, ask, post, show };
}

test('a client that returns with its own id refreshes its own drain', async () => {
  const { post, home } = await drains();
  const [first, again] = [await post({ request_id: MINE, reason: 'update' }), await post({ request_id: MINE })];
  expect([first.statusCode, again.statusCode]).toEqual([200, 200]);
  expect([first.json().request_id, again.json().request_id]).toEqual([MINE, MINE]);
  expect(readDrainRequest({ home })).toMatchObject({ request_id: MINE, reason: 'update' });
});

test.each([{}, { lead_seconds: 60 }])(
  'the drain of another holder is never taken over, begun with %j',
  async (more) => {
    const { post, home } = await drains();
    await post({ request_id: OTHER, reason: 'theirs', ...more });
    const before = readDrainRequest({ home });
    for (const action of ['drain', 'cancel']) {
      const response = await post({ action, request_id: MINE });
      expect([response.statusCode, problemOf(response)]).toMatchObject([
        409,
        { code: 'drain-held', holder: { request_id: OTHER, principal: 'dashboard', reason: 'theirs' } },
      ]);
    }
    expect(readDrainRequest({ home })).toEqual(before);
    expect((await post({ action: 'cancel', request_id: OTHER })).json()).toMatchObject({ was_draining: true });
    expect((await post({ request_id: MINE })).json()).toMatchObject({ request_id: MINE });
  },
);

test('nor is one that has no id', async () => {
  const { post, home } = await drains();
  writeFileSync(drainRequestPath({ home }), JSON.stringify({ requested_at: formatIsoDateTime(Date.now()) }));
  const response = await post({ request_id: MINE });
  expect([response.statusCode, problemOf(response)]).toMatchObject([409, { holder: { request_id: null } }]);
});

test.each([
  { request_id: 'mine' },
  { request_id: 5 },
  { lead_seconds: -1 },
  { lead_seconds: 301 },
  { lead_seconds: '5' },
])('%j is refused and never a drain', async (payload) => {
  const { post, home } = await drains();
  expect((await post(payload)).statusCode).toBe(400);
  expect(readDrainRequest({ home })).toBeUndefined();
});

test('a drain with a lead is shown as announced, is not safe, and keeps its time through a refresh', async () => {
  const { post, show, home } = await drains();
  const { refuse_after, request_id } = (await post({ lead_seconds: 60 })).json();
  expect(Date.parse(refuse_after)).toBeGreaterThan(Date.now() + 30_000);
  await answerDrain(home);
  expect((await post({})).json()).toMatchObject({ request_id, refuse_after });
  expect(await show()).toMatchObject({
    request_id,
    refuse_after,
    expires_at: expect.any(String),
    verdict: { active: false, reason: 'announced' },
    safe_to_stop: false,
  });
  expect((await post({ action: 'cancel' })).json()).toMatchObject({ was_draining: true });
  expect(await show()).toMatchObject({ refuse_after: null, verdict: { reason: 'absent' } });
});

test('who waits until it is drained waits through the lead', async () => {
  const { post, show, home } = await drains();
  await post({ lead_seconds: 1 });
  await answerDrain(home);
  expect(await show('?until=drained&wait=60')).toMatchObject({ verdict: { active: true }, safe_to_stop: true });
});
