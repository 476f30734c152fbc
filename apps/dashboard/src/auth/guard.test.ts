import { writeFileSync } from 'node:fs';
import { drainRequestPath, readDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { AUTHORIZED, problemOf, type TestDashboard, testDashboard } from '../testing/dashboard.ts';

const DRAIN = '/api/gateway/drain';
const WRONG = { authorization: `Bearer ${'w'.repeat(48)}` };
const JSON_BODY = { 'content-type': 'application/json' };
const ROUTES = [
  ['GET', '/api/status'],
  ['GET', '/api/profiles'],
  ['GET', DRAIN],
  ['POST', DRAIN],
  ['DELETE', DRAIN],
  ['GET', '/api/events'],
  ['GET', '/api/in-flight'],
  ['GET', '/api/boot-log'],
  ['GET', '/api/audit'],
  ['GET', '/api/audit/verify'],
  ['POST', '/api/gateway/restart'],
] as const;

test.each(ROUTES)('%s %s says nothing without the secret', async (method, url) => {
  const { app, home } = await testDashboard();
  await writeDrainRequest({ home });
  for (const headers of [{}, WRONG, { authorization: 'Basic dTpw' }, { authorization: 'Bearer ' }]) {
    const response = await app.inject({ method, url: `${url}?profile=unknown`, headers });
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer');
    expect(problemOf(response)).toEqual({
      type: 'urn:hermes:problem:unauthorized',
      title: 'Unauthorized',
      status: 401,
      code: 'unauthorized',
    });
  }
  expect(readDrainRequest({ home })).toBeDefined();
});

test('a wrong secret is refused before the body is looked at', async () => {
  const { app } = await testDashboard();
  for (const payload of ['{"action":', 'x'.repeat(100_000)]) {
    const response = await app.inject({ method: 'POST', url: DRAIN, headers: { ...WRONG, ...JSON_BODY }, payload });
    expect(response.statusCode).toBe(401);
  }
});

test('whoever is refused and sends more than we would ever read loses the connection', async () => {
  const { app } = await testDashboard();
  const answer = async (headers: object, payload: string) =>
    (await app.inject({ method: 'POST', url: DRAIN, headers: { ...headers }, payload })).headers.connection;
  expect(await answer(WRONG, 'x'.repeat(17_000))).toBe('close');
  expect(await answer(WRONG, 'x')).not.toBe('close');
});

test('ten failures lock an address out, the right secret or not', async () => {
  const { app } = await testDashboard();
  await lockOut(app);
  for (const headers of [WRONG, AUTHORIZED]) {
    const response = await app.inject({ url: '/api/status', headers });
    expect(response.statusCode).toBe(429);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect(problemOf(response)).toMatchObject({ code: 'too-many-attempts' });
  }
});

test('another address is not locked out', async () => {
  const { app } = await testDashboard();
  await lockOut(app);
  const response = await app.inject({ url: '/api/status', headers: AUTHORIZED, remoteAddress: '192.0.2.7' });
  expect(response.statusCode).toBe(200);
});

test('who is locked out can still cancel, with the right secret only', async () => {
  const { app, home } = await testDashboard();
  await lockOut(app);
  const cancel = { method: 'POST', url: DRAIN, payload: { action: 'cancel' } } as const;
  for (const request of [cancel, { method: 'DELETE', url: DRAIN } as const]) {
    await writeDrainRequest({ home });
    expect((await app.inject({ ...request, headers: WRONG })).statusCode).toBe(401);
    expect(readDrainRequest({ home })).toBeDefined();
    expect((await app.inject({ ...request, headers: AUTHORIZED })).json()).toMatchObject({ was_draining: true });
    expect(readDrainRequest({ home })).toBeUndefined();
  }
});

test.each([
  ['no body', ''],
  ['a drain', '{"action":"drain"}'],
  ['another JSON type', 'null'],
  ['half a cancel', '{"action":"cancel"'],
])('who is locked out cannot post %s', async (_what, payload) => {
  const { app, home } = await testDashboard();
  await lockOut(app);
  const headers = { ...AUTHORIZED, ...JSON_BODY };
  expect((await app.inject({ method: 'POST', url: DRAIN, headers, payload })).statusCode).toBe(429);
  expect(readDrainRequest({ home })).toBeUndefined();
});

test('who is locked out cannot make us read a large body', async () => {
  const { app, home } = await testDashboard();
  writeFileSync(drainRequestPath({ home }), '{}');
  await lockOut(app);
  const payload = JSON.stringify({ action: 'cancel', reason: 'x'.repeat(20_000) });
  const response = await app.inject({ method: 'POST', url: DRAIN, headers: { ...AUTHORIZED, ...JSON_BODY }, payload });
  expect(response.statusCode).toBe(413);
  expect(readDrainRequest({ home })).toBeDefined();
});

async function lockOut(app: TestDashboard['app']): Promise<void> {
  for (let count = 0; count < 10; count += 1) {
    expect((await app.inject({ url: '/api/status', headers: WRONG })).statusCode).toBe(401);
  }
}
