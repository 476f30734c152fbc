import { writeFileSync } from 'node:fs';
import { drainRequestPath, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { testDashboard } from '../testing/dashboard.ts';
import { answerDrain, gatewayState } from '../testing/gateway.ts';

const DRAIN = '/api/gateway/drain';

test('without a marker everything about it is null', async () => {
  const { ask } = await testDashboard();
  const response = await ask({ url: DRAIN });
  expect(response.headers.etag).toBeUndefined();
  expect(response.json()).toEqual({
    profile: 'default',
    request_id: null,
    requested_at: null,
    principal: null,
    reason: null,
    suppress_notification: false,
    expires_at: null,
    expired_at: null,
    refuse_after: null,
    verdict: { active: false, reason: 'absent', code: null },
    gateway: {
      gateway_state: null,
      gateway_running: false,
      active_agents: 0,
      liveness: 'unknown',
      pid: null,
      heartbeat_at: null,
      last_active_agents: null,
      shared_turns: null,
      channels: [],
      problem: null,
      drain: null,
    },
    safe_to_stop: false,
  });
});

test('shows the request, its verdict and the answer of the gateway', async () => {
  const { ask, home } = await testDashboard();
  const request = await writeDrainRequest({ home, principal: 'fleet', reason: 'update', maxAgeSeconds: 60 });
  await answerDrain(home, 2);
  const response = await ask({ url: DRAIN });
  expect(response.headers.etag).toBe(`"${request.request_id}"`);
  const view = response.json();
  expect(view).toMatchObject({
    request_id: request.request_id,
    principal: 'fleet',
    reason: 'update',
    verdict: { active: true, reason: 'current' },
    gateway: {
      gateway_state: 'draining',
      gateway_running: true,
      active_agents: 2,
      drain: { request_id: request.request_id, drained_at: null },
    },
    safe_to_stop: false,
  });
  expect(Date.parse(view.expires_at) - Date.parse(view.requested_at)).toBe(60_000);
});

test('is safe to stop once the gateway has answered this request and no turn is left', async () => {
  const { ask, home } = await testDashboard();
  await writeDrainRequest({ home });
  await answerDrain(home);
  expect((await ask({ url: DRAIN })).json()).toMatchObject({ safe_to_stop: true });
});

test('is not safe to stop when the answer is to another request', async () => {
  const { ask, home } = await testDashboard();
  await writeDrainRequest({ home });
  await answerDrain(home);
  await ask({ method: 'DELETE', url: DRAIN });
  await writeDrainRequest({ home });
  expect((await ask({ url: DRAIN })).json()).toMatchObject({ safe_to_stop: false });
});

test('judges the marker for the gateway that is there, not for this process', async () => {
  const { ask, home } = await testDashboard();
  await writeDrainRequest({ home });
  await writeGatewayState(gatewayState({ epoch: 'elsewhere:1' }), { home });
  expect((await ask({ url: DRAIN })).json()).toMatchObject({ verdict: { active: false, reason: 'stale-epoch' } });
});

test('a corrupt marker is a drain without a holder', async () => {
  const { ask, home } = await testDashboard();
  writeFileSync(drainRequestPath({ home }), Buffer.from([0, 1, 2]));
  expect((await ask({ url: DRAIN })).json()).toMatchObject({
    request_id: null,
    principal: null,
    verdict: { active: true, reason: 'corrupt' },
  });
});

test('an id that no header can carry is shown, but is no ETag', async () => {
  const { ask, home } = await testDashboard();
  writeFileSync(drainRequestPath({ home }), JSON.stringify({ action: 'drain', request_id: 'läuft "schon"' }));
  const response = await ask({ url: DRAIN });
  expect(response.json()).toMatchObject({ request_id: 'läuft "schon"' });
  expect(response.headers.etag).toBeUndefined();
});

test.each([
  ['until=stopped'],
  ['until=drained&wait=301'],
  ['until=drained&wait=-1'],
  ['until=drained&wait=1.5'],
  ['until=drained&wait=soon'],
  ['untill=drained'],
])('?%s is refused', async (query) => {
  const { ask } = await testDashboard();
  expect((await ask({ url: `${DRAIN}?${query}` })).statusCode).toBe(400);
});
