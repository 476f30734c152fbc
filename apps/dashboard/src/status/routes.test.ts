import { mkdirSync, writeFileSync } from 'node:fs';
import { formatIsoDateTime, gatewayStatePath, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { problemOf, testDashboard } from '../testing/dashboard.ts';
import { answerDrain, gatewayState, turnInFlight } from '../testing/gateway.ts';
import { addProfile } from '../testing/home.ts';

const STATUS = '/api/status';

test('tells what a running gateway does', async () => {
  const { ask, home } = await testDashboard();
  const active_work = [turnInFlight('1'), { ...turnInFlight('2'), stalled: true }];
  const state = gatewayState({ active_agents: 2, active_work });
  await writeGatewayState(state, { home });
  const response = await ask({ url: STATUS });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({
    profile: 'default',
    gateway_state: 'running',
    gateway_running: true,
    active_agents: 2,
    liveness: 'live',
    pid: state.pid,
    heartbeat_at: state.updated_at,
    last_active_agents: 2,
    shared_turns: null,
    channels: [],
    problem: null,
    gateway_busy: true,
    gateway_drainable: true,
    restart_drain_timeout: 30,
    drain: null,
    active_work,
    safe_to_stop: false,
  });
});

test('tells when it is safe to stop', async () => {
  const { ask, home } = await testDashboard();
  const { request_id } = await writeDrainRequest({ home });
  await answerDrain(home);
  expect((await ask({ url: STATUS })).json()).toMatchObject({
    gateway_state: 'draining',
    drain: { request_id },
    safe_to_stop: true,
  });
});

test('a gateway whose heartbeat has stopped is not safe to stop: it is stopped', async () => {
  const { ask, home } = await testDashboard();
  await writeDrainRequest({ home });
  await answerDrain(home, 0, { updated_at: formatIsoDateTime(Date.now() - 31_000) });
  expect((await ask({ url: STATUS })).json()).toMatchObject({
    gateway_state: 'stopped',
    gateway_running: false,
    drain: null,
    safe_to_stop: false,
  });
});

test.each([
  ['half-written', (path: string) => writeFileSync(path, '{"gateway_state":"runn')],
  ['binary', (path: string) => writeFileSync(path, Buffer.from([0, 255, 1]))],
  ['huge', (path: string) => writeFileSync(path, ' '.repeat(70_000))],
  ['a directory', (path: string) => mkdirSync(path)],
])('a state file that is %s gives safe values', async (_what, plant) => {
  const { ask, home } = await testDashboard();
  plant(gatewayStatePath({ home }));
  expect((await ask({ url: STATUS })).json()).toMatchObject({
    gateway_state: null,
    gateway_running: false,
    active_agents: 0,
    safe_to_stop: false,
  });
});

test('a gateway that does not report how many turns are in flight counts as busy, never as safe', async () => {
  const { ask, home } = await testDashboard();
  const { active_agents: _, ...state } = gatewayState();
  writeFileSync(gatewayStatePath({ home }), JSON.stringify(state));
  expect((await ask({ url: STATUS })).json()).toMatchObject({
    gateway_running: true,
    active_agents: null,
    gateway_busy: true,
    safe_to_stop: false,
  });
});

test('tells about the profile that is named', async () => {
  const { ask, home } = await testDashboard();
  await writeGatewayState(gatewayState({ gateway_state: 'starting' }), { home: addProfile(home, 'mail') });
  expect((await ask({ url: `${STATUS}?profile=mail` })).json()).toMatchObject({
    profile: 'mail',
    gateway_state: 'starting',
  });
});

test.each([
  ['Mail', 400, 'invalid-request'],
  ['..%2fmail', 400, 'invalid-request'],
  ['', 400, 'invalid-request'],
  ['nobody', 404, 'profile-unknown'],
])('profile %j is answered by %d', async (name, status, code) => {
  const { ask } = await testDashboard();
  const response = await ask({ url: `${STATUS}?profile=${name}` });
  expect(response.statusCode).toBe(status);
  expect(problemOf(response)).toMatchObject({ status, code });
});
