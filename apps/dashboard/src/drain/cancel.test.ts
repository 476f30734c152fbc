import { existsSync, writeFileSync } from 'node:fs';
import { drainRequestPath, readDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import type { InjectOptions } from 'fastify';
import { describe, expect, test } from 'vitest';
import { problemOf, testDashboard } from '../testing/dashboard.ts';
import { addProfile } from '../testing/home.ts';

const DRAIN = '/api/gateway/drain';

const WAYS: readonly [string, InjectOptions][] = [
  ['POST cancel', { method: 'POST', url: DRAIN, payload: { action: 'cancel' } }],
  ['DELETE', { method: 'DELETE', url: DRAIN }],
];

describe.each(WAYS)('%s', (_way, cancel) => {
  test('removes the marker and tells whether a drain was in force', async () => {
    const { ask, home } = await testDashboard();
    await writeDrainRequest({ home });
    expect((await ask(cancel)).json()).toEqual({ ok: true, action: 'cancel', was_draining: true });
    expect(existsSync(drainRequestPath({ home }))).toBe(false);
    expect((await ask(cancel)).json()).toEqual({ ok: true, action: 'cancel', was_draining: false });
  });

  test.each([
    ['of another boot', { action: 'drain', epoch: 'before:1' }],
    ['that has expired', { action: 'drain', requested_at: '2020-01-01T00:00:00Z' }],
  ])('removes a marker %s, which was no drain', async (_what, marker) => {
    const { ask, home } = await testDashboard();
    writeFileSync(drainRequestPath({ home }), JSON.stringify(marker));
    expect((await ask(cancel)).json()).toMatchObject({ was_draining: false });
    expect(existsSync(drainRequestPath({ home }))).toBe(false);
  });

  test('removes a corrupt marker, which was a drain', async () => {
    const { ask, home } = await testDashboard();
    writeFileSync(drainRequestPath({ home }), '{"action":');
    expect((await ask(cancel)).json()).toMatchObject({ was_draining: true });
    expect(existsSync(drainRequestPath({ home }))).toBe(false);
  });

  test('leaves the drain of another operator in force and names its holder', async () => {
    const { ask, home } = await testDashboard();
    const held = await writeDrainRequest({ home, principal: 'fleet', reason: 'update' });
    const response = await ask({ ...cancel, headers: { 'if-match': '"0197f0f0-0000-7000-8000-000000000000"' } });
    expect(response.statusCode).toBe(412);
    expect(problemOf(response)).toMatchObject({
      code: 'request-mismatch',
      holder: {
        request_id: held.request_id,
        principal: 'fleet',
        reason: 'update',
        requested_at: held.requested_at,
      },
    });
    expect(readDrainRequest({ home })).toMatchObject({ request_id: held.request_id });
  });

  test('cancels the drain that If-Match names, also among others, and any drain for *', async () => {
    const { ask, home } = await testDashboard();
    for (const tags of [(id: string) => `"${id}"`, (id: string) => `"other", "${id}"`, () => '*']) {
      const { request_id } = await writeDrainRequest({ home });
      const response = await ask({ ...cancel, headers: { 'if-match': tags(request_id) } });
      expect(response.json()).toMatchObject({ was_draining: true });
    }
  });

  test('an If-Match without any drain is no failure', async () => {
    const { ask } = await testDashboard();
    const response = await ask({ ...cancel, headers: { 'if-match': '"gone"' } });
    expect(response.json()).toMatchObject({ was_draining: false });
  });

  test('an If-Match that cannot be understood cancels nothing', async () => {
    const { ask, home } = await testDashboard();
    const { request_id } = await writeDrainRequest({ home });
    const response = await ask({ ...cancel, headers: { 'if-match': request_id } });
    expect(response.statusCode).toBe(400);
    expect(problemOf(response).detail).toContain('double quotes');
    expect(readDrainRequest({ home })).toBeDefined();
  });
});

test('cancels the profile that is named, and no other', async () => {
  const { ask, home } = await testDashboard();
  const profileHome = addProfile(home, 'mail');
  await writeDrainRequest({ home });
  await writeDrainRequest({ home: profileHome });
  await ask({ method: 'DELETE', url: `${DRAIN}?profile=mail` });
  expect(readDrainRequest({ home: profileHome })).toBeUndefined();
  expect(readDrainRequest({ home })).toBeDefined();
  expect((await ask({ method: 'DELETE', url: `${DRAIN}?profil=mail` })).statusCode).toBe(400);
  expect(readDrainRequest({ home })).toBeDefined();
});
