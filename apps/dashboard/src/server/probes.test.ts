import { mkdirSync, rmSync } from 'node:fs';
import { drainRequestPath } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { problemOf, testDashboard } from '../testing/dashboard.ts';

const DRAIN = '/api/gateway/drain';

test('is alive and ready, and lists its checks when asked', async () => {
  const { app } = await testDashboard();
  expect((await app.inject({ url: '/livez' })).json()).toEqual({ status: 'ok' });
  expect((await app.inject({ url: '/readyz' })).json()).toEqual({ status: 'ok' });
  expect((await app.inject({ url: '/readyz?verbose' })).json()).toEqual({
    status: 'ok',
    checks: [
      { name: 'home_listable', ok: true },
      { name: 'home_writable', ok: true },
      { name: 'audit_whole', ok: true },
      { name: 'credentials_file', ok: true },
    ],
  });
});

test('is alive but not ready when the home directory has gone', async () => {
  const { app, home } = await testDashboard();
  rmSync(home, { recursive: true });
  expect((await app.inject({ url: '/livez' })).statusCode).toBe(200);
  const response = await app.inject({ url: '/readyz?verbose' });
  expect(response.statusCode).toBe(503);
  expect(problemOf(response)).toMatchObject({
    code: 'not-ready',
    checks: [{ ok: false }, { ok: false }, { ok: true }, { ok: true }],
  });
  expect(problemOf(await app.inject({ url: '/readyz' }))).not.toHaveProperty('checks');
});

test.each([
  ['a home that has gone', 'default', (home: string) => rmSync(home, { recursive: true })],
  ['a profile that is not there', 'cat', () => undefined],
  ['a marker that cannot be written', 'default', (home: string) => mkdirSync(drainRequestPath({ home }))],
])('says of %s what is missing, and no path of the server', async (_what, profile, spoil) => {
  const { ask, home } = await testDashboard();
  spoil(home);
  const requests = [
    { url: `/api/status?profile=${profile}` },
    { method: 'POST', url: DRAIN, payload: { profile } },
  ] as const;
  for (const request of requests) {
    const response = await ask(request);
    expect(response.body).not.toContain(home);
    if (response.statusCode >= 400) expect(problemOf(response).detail).toMatch(/^[^/]{20,}$/);
  }
});

test('the routes of a home that has gone say so', async () => {
  const { ask, home } = await testDashboard();
  rmSync(home, { recursive: true });
  const requests = [{ url: '/api/status' }, { method: 'POST', url: '/api/gateway/drain' }] as const;
  for (const request of requests) {
    const response = await ask(request);
    expect(response.statusCode).toBe(404);
    expect(problemOf(response)).toMatchObject({ code: 'home-missing' });
  }
});
