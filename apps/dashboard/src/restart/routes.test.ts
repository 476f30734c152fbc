import {
  clearDrainRequest,
  drainRequested,
  readDrainRequest,
  ServiceError,
  writeDrainRequest,
  writeGatewayState,
} from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, test } from 'vitest';
import { problemOf, type TestDashboard, testDashboard } from '../testing/dashboard.ts';
import { followEvents } from '../testing/events.ts';
import { answerDrain, gatewayState, turnInFlight } from '../testing/gateway.ts';
import { addProfile } from '../testing/home.ts';
import { ScriptedServiceManager } from '../testing/service-manager.ts';

async function supervised() {
  const serviceManager = new ScriptedServiceManager();
  const dashboard = await testDashboard({ serviceManager });
  const restart = (payload: object = {}) => dashboard.ask({ method: 'POST', url: '/api/gateway/restart', payload });
  return { serviceManager, restart, ...dashboard };
}

async function drained(home: string): Promise<void> {
  await writeDrainRequest({ home });
  await answerDrain(home);
}

async function viewOf({ ask }: Pick<TestDashboard, 'ask'>) {
  return (await ask({ url: '/api/profiles' })).json().profiles[0];
}

test('restarts what is safe to stop, and tells how it goes until it is ready', async () => {
  const dashboard = await supervised();
  const { serviceManager, restart, home, listen } = dashboard;
  const client = await followEvents(await listen());
  await drained(home);
  const response = await restart({ reason: 'update' });
  expect(response.statusCode).toBe(202);
  expect(response.json()).toEqual({
    ok: true,
    profile: 'default',
    restart: { state: 'stopping', since: expect.any(String) },
  });
  const untilState = async (state: string) => {
    while ((await client.next()).data.restart?.state !== state);
  };
  await untilState('stopping');
  serviceManager.change({ state: 'starting', ready: false, pid: 101, seconds: 0 });
  await untilState('starting');
  serviceManager.change({ state: 'running', ready: true });
  serviceManager.succeed();
  await untilState('ready');
  await eventually(async () => expect(await viewOf(dashboard)).toMatchObject({ slot: { ready: true, pid: 101 } }));
  expect((await viewOf(dashboard)).restart).toMatchObject({ state: 'ready', error: null });
});

test('ends the drain that led up to it, once the gateway is ready again, and no other', async () => {
  const dashboard = await supervised();
  const { serviceManager, restart, home } = dashboard;
  const ready = () => eventually(async () => expect((await viewOf(dashboard)).restart?.state).toBe('ready'));
  await drained(home);
  await restart();
  expect(drainRequested({ home })).toBe(true);
  serviceManager.succeed();
  await ready();
  expect(drainRequested({ home })).toBe(false);

  await drained(home);
  await restart();
  await clearDrainRequest({ home });
  const { request_id } = await writeDrainRequest({ home });
  serviceManager.succeed();
  await ready();
  expect(readDrainRequest({ home })?.request_id).toBe(request_id);
});

test('keeps the drain in force when asked to', async () => {
  const dashboard = await supervised();
  const { serviceManager, restart, home } = dashboard;
  await drained(home);
  await restart({ keep_drain: true });
  serviceManager.succeed();
  await eventually(async () => expect((await viewOf(dashboard)).restart?.state).toBe('ready'));
  expect(drainRequested({ home })).toBe(true);
});

test('a second restart waits for the first', async () => {
  const { serviceManager, restart, home } = await supervised();
  await drained(home);
  const answers = await Promise.all([restart(), restart()]);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 409]);
  const refused = await restart({ force: true });
  expect(problemOf(refused)).toMatchObject({ status: 409, code: 'restart-in-flight' });
  expect(serviceManager.restarts).toBe(1);
});

test('a failed restart is reported and can be retried', async () => {
  const dashboard = await supervised();
  const { serviceManager, restart, home } = dashboard;
  await drained(home);
  await restart();
  serviceManager.fail('not ready within 60 s');
  const failed = { state: 'failed', error: 'not ready within 60 s' };
  await eventually(async () => expect((await viewOf(dashboard)).restart).toMatchObject(failed));
  expect((await restart()).statusCode).toBe(202);
});

test('one that comes back up, but not ready, has failed', async () => {
  const dashboard = await supervised();
  const { serviceManager, restart, home } = dashboard;
  await drained(home);
  await restart();
  serviceManager.change({ state: 'failed', ready: false, pid: null });
  serviceManager.succeed();
  await eventually(async () => expect((await viewOf(dashboard)).restart?.state).toBe('failed'));
});

test('refuses to cut turns off, and says which, unless it is forced', async () => {
  const { serviceManager, restart, home } = await supervised();
  const active_work = [turnInFlight('1')];
  await writeDrainRequest({ home });
  await answerDrain(home, 1, { active_work });
  const refused = await restart();
  expect(refused.statusCode).toBe(409);
  expect(problemOf(refused)).toMatchObject({
    code: 'not-safe-to-stop',
    turns: { active_agents: 1, active_work },
    detail: expect.stringContaining('1 turn in flight'),
  });
  expect(serviceManager.restarts).toBe(0);
  expect((await restart({ force: true })).statusCode).toBe(202);
});

test('an idle gateway without a drain is not safe: a turn could begin at any time', async () => {
  const { restart, home } = await supervised();
  await writeGatewayState(gatewayState(), { home });
  expect((await restart()).statusCode).toBe(409);
});

test.each(['unavailable', 'not_registered'] as const)(
  '%s of the service manager means that there is none',
  async (kind) => {
    const { serviceManager, restart, home } = await supervised();
    await drained(home);
    serviceManager.trouble = new ServiceError(kind, 'none');
    expect(problemOf(await restart({ force: true }))).toMatchObject({ status: 501, code: 'no-supervisor' });
  },
);

test('a gateway that is not registered and a missing service manager are reported', async () => {
  const { serviceManager, restart } = await supervised();
  serviceManager.change({ state: 'not-registered' });
  expect(problemOf(await restart({ force: true }))).toMatchObject({ status: 501, code: 'no-supervisor' });
  const { ask } = await testDashboard();
  const response = await ask({ method: 'POST', url: '/api/gateway/restart', payload: { force: true } });
  expect(problemOf(response)).toMatchObject({ status: 501, code: 'no-supervisor' });
  expect((await viewOf({ ask })).slot).toBeNull();
});

test('another failure of the service manager is reported and can be retried', async () => {
  const { serviceManager, restart, home } = await supervised();
  await drained(home);
  serviceManager.trouble = new ServiceError('not_permitted', 'not permitted');
  expect(problemOf(await restart())).toMatchObject({ status: 503, code: 'supervisor-failed', detail: 'not permitted' });
  serviceManager.trouble = undefined;
  expect((await restart()).statusCode).toBe(202);
});

test.each([
  ['{"force":"yes"}', 400],
  ['{"forced":true}', 400],
  ['[]', 400],
  ['{', 400],
  ['{"profile":"nobody"}', 404],
  ['{"profile":"../x"}', 400],
])('a body of %s is refused', async (payload, status) => {
  const { ask, serviceManager } = await supervised();
  const response = await ask({ method: 'POST', url: '/api/gateway/restart', payload });
  expect(response.statusCode).toBe(status);
  expect(serviceManager.restarts).toBe(0);
});

test('a service that its manager loses is no longer shown', async () => {
  const dashboard = await supervised();
  addProfile(dashboard.home, 'mail');
  await eventually(async () => expect((await viewOf(dashboard)).slot).toMatchObject({ state: 'running', pid: 100 }));
  dashboard.serviceManager.trouble = new Error('gone');
  await eventually(async () => expect((await viewOf(dashboard)).slot).toBeNull());
});
