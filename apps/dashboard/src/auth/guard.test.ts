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

test('a refused client that sends more than the body limit loses the connection', async () => {
  const { app } = await testDashboard();
  const answer = async (headers: object, payload: string) =>
    (await app.inject({ method: 'POST', url: DRAIN, headers: { ...headers }, payload })).headers.connection;
  expect(await answer(WRONG, 'x'.repeat(17_000))).toBe('close');
  expect(await answer(WRONG, 'x')).not.toBe('close');
});

test.each([
  ['wrong secrets', WRONG, 429],
  ['requests without a secret, as any web page can send', {}, 401],
] as const)('after many %s from an address the right one is let in from there', async (_what, headers, last) => {
  const { app, home } = await testDashboard();
  const statuses: number[] = [];
  for (let sent = 0; sent < 11; sent += 1) {
    statuses.push((await app.inject({ url: '/api/status', headers })).statusCode);
  }
  expect(statuses).toEqual([...Array(10).fill(401), last]);
  const drain = { url: DRAIN, headers: AUTHORIZED } as const;
  expect((await app.inject({ ...drain, method: 'POST' })).statusCode).toBe(200);
  expect(readDrainRequest({ home })).toBeDefined();
  expect((await app.inject(drain)).statusCode).toBe(200);
  const cancel = { ...drain, method: 'POST', payload: { action: 'cancel' } } as const;
  expect((await app.inject(cancel)).json()).toMatchObject({ was_draining: true });
  expect((await app.inject({ ...drain, method: 'DELETE' })).statusCode).toBe(200);
});

test('too many wrong secrets are refused with when to come back, also where a cancel is asked for', async () => {
  const { app, home } = await testDashboard();
  await writeDrainRequest({ home });
  await sendWrongSecrets(app);
  const response = await app.inject({ method: 'DELETE', url: DRAIN, headers: WRONG });
  expect(response.statusCode).toBe(429);
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  expect(problemOf(response)).toMatchObject({ code: 'too-many-attempts' });
  expect(readDrainRequest({ home })).toBeDefined();
  const elsewhere = await app.inject({ url: '/api/status', headers: WRONG, remoteAddress: '192.0.2.7' });
  expect(elsewhere.statusCode).toBe(401);
});

test('X-Forwarded-For is believed from trusted proxies only', async () => {
  const { app } = await testDashboard({ server: { trustedProxies: ['192.0.2.0/24'] } });
  const statusOf = async (remoteAddress: string, client: string) =>
    (await app.inject({ url: '/api/status', headers: { ...WRONG, 'x-forwarded-for': client }, remoteAddress }))
      .statusCode;
  await sendWrongSecrets(app, { 'x-forwarded-for': '198.51.100.1' }, '192.0.2.7');
  expect(await statusOf('192.0.2.7', '198.51.100.1')).toBe(429);
  expect(await statusOf('192.0.2.7', '198.51.100.2')).toBe(401);
  await sendWrongSecrets(app, { 'x-forwarded-for': '198.51.100.3' }, '203.0.113.9');
  expect(await statusOf('203.0.113.9', '198.51.100.4')).toBe(429);
});

test('a secret that is right does not make us read a large body', async () => {
  const { app, home } = await testDashboard();
  writeFileSync(drainRequestPath({ home }), '{}');
  const payload = JSON.stringify({ action: 'cancel', reason: 'x'.repeat(20_000) });
  const response = await app.inject({ method: 'POST', url: DRAIN, headers: { ...AUTHORIZED, ...JSON_BODY }, payload });
  expect(response.statusCode).toBe(413);
  expect(readDrainRequest({ home })).toBeDefined();
});

async function sendWrongSecrets(
  app: TestDashboard['app'],
  more: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
): Promise<void> {
  for (let sent = 0; sent < 10; sent += 1) {
    const response = await app.inject({ url: '/api/status', headers: { ...WRONG, ...more }, remoteAddress });
    expect(response.statusCode).toBe(401);
  }
}
