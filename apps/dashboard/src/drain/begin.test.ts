import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  drainRequestPath,
  drainRequestSchema,
  readDrainRequest,
  readDrainVerdict,
  writeGatewayState,
} from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { problemOf, testDashboard } from '../testing/dashboard.ts';
import { gatewayState } from '../testing/gateway.ts';
import { addProfile } from '../testing/home.ts';

const DRAIN = '/api/gateway/drain';
const JSON_BODY = { 'content-type': 'application/json' };

test.each([
  ['no body', {}],
  ['an empty JSON body', { headers: JSON_BODY, payload: '' }],
  ['an empty form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: '' }],
  ['an empty object', { payload: {} }],
  ['action drain', { payload: { action: 'drain' } }],
  ['JSON of another media type', { headers: { 'content-type': 'text/plain' }, payload: '{"action":"drain"}' }],
])('%s begins a drain', async (_what, request) => {
  const { ask, home } = await testDashboard();
  const response = await ask({ method: 'POST', url: DRAIN, ...request });
  expect(response.statusCode).toBe(200);
  const marker = drainRequestSchema.parse(readDrainRequest({ home }));
  expect(marker.principal).toBe('dashboard');
  expect(response.json()).toEqual({
    ok: true,
    action: 'drain',
    request_id: marker.request_id,
    requested_at: marker.requested_at,
    draining: true,
    suppress_notification: false,
    gateway_running: false,
  });
  expect(response.headers.etag).toBe(`"${marker.request_id}"`);
});

test.each([
  [{ action: 'CANCEL' }, { action: 'cancel' }],
  [{ action: ' cancel ' }, { action: 'cancel' }],
  [{ action: 'Drain', suppress_notification: null }, { suppress_notification: false }],
  [{ suppress_notification: 1 }, { suppress_notification: true }],
  [{ suppress_notification: ' Yes ' }, { suppress_notification: true }],
  [{ suppress_notification: 0 }, { suppress_notification: false }],
])('%j is accepted as by the reference system', async (payload, answer) => {
  const { ask } = await testDashboard();
  const response = await ask({ method: 'POST', url: DRAIN, payload });
  expect([response.statusCode, response.json()]).toMatchObject([200, answer]);
});

test.each([
  { action: 'restart' },
  { action: 1 },
  { suppress_notification: 'no' },
  { suppress_notification: [] },
  [],
  'x',
])('%j can mean more than one thing, and begins nothing', async (payload) => {
  const { ask, home } = await testDashboard();
  const response = await ask({ method: 'POST', url: DRAIN, headers: JSON_BODY, payload: JSON.stringify(payload) });
  expect(response.statusCode).toBe(400);
  expect(readDrainRequest({ home })).toBeUndefined();
});

test('every field of the body reaches the marker', async () => {
  const { ask, home } = await testDashboard();
  const payload = { suppress_notification: true, reason: 'update\nto 2.0', max_age_seconds: 60 };
  const response = await ask({ method: 'POST', url: DRAIN, payload });
  expect(response.json()).toMatchObject({ suppress_notification: true });
  expect(readDrainRequest({ home })).toMatchObject({ ...payload, reason: 'update to 2.0' });
});

test('repeating keeps the request and its fields, and refreshes its time', async () => {
  const { ask, home } = await testDashboard();
  const first = (await ask({ method: 'POST', url: DRAIN, payload: { reason: 'update' } })).json();
  const second = (await ask({ method: 'POST', url: DRAIN })).json();
  expect(second.request_id).toBe(first.request_id);
  expect(Date.parse(second.requested_at)).toBeGreaterThanOrEqual(Date.parse(first.requested_at));
  expect(readDrainRequest({ home })).toMatchObject({ reason: 'update' });
});

test('If-None-Match begins only where no drain is in force, and If-Match refreshes only the drain it names', async () => {
  const { ask, home } = await testDashboard();
  const begin = (headers: Record<string, string>) => ask({ method: 'POST', url: DRAIN, headers });
  expect((await begin({ 'if-match': '"gone"' })).statusCode).toBe(412);
  expect(readDrainRequest({ home })).toBeUndefined();
  const first = await begin({ 'if-none-match': '*' });
  expect(first.statusCode).toBe(200);
  const second = await begin({ 'if-none-match': '*' });
  expect([second.statusCode, problemOf(second)]).toMatchObject([
    412,
    { code: 'request-mismatch', holder: { request_id: first.json().request_id, principal: 'dashboard' } },
  ]);
  const refreshed = await begin({ 'if-match': String(first.headers.etag) });
  expect(refreshed.json()).toMatchObject({ request_id: first.json().request_id });
  expect((await begin({ 'if-match': '"another"' })).statusCode).toBe(412);
  expect((await begin({ 'if-none-match': '"one"' })).statusCode).toBe(400);
});

test.each([
  ['half an object', '{"action":"cance'],
  ['no JSON', 'action=drain'],
  ['white space', '  \n'],
  ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ['null', 'null'],
  ['an array', '[]'],
  ['a string', '"drain"'],
  ['a number', '1'],
  ['an unknown action', '{"action":"restart"}'],
  ['action null', '{"action":null}'],
  ['a misspelt field', '{"suppres_notification":true}'],
  ['a field that pollutes', '{"__proto__":{"action":"drain"}}'],
  ['a flag that is another text', '{"suppress_notification":"maybe"}'],
  ['a reason that is no string', '{"reason":5}'],
  ['a reason that is too long', JSON.stringify({ reason: 'x'.repeat(501) })],
  ['an age of zero', '{"max_age_seconds":0}'],
  ['an age beyond a day', '{"max_age_seconds":86401}'],
  ['an age that is a string', '{"max_age_seconds":"60"}'],
  ['a profile that is no string', '{"profile":["default"]}'],
])('%s is refused and never a drain', async (_what, payload) => {
  const { ask, home } = await testDashboard();
  const response = await ask({ method: 'POST', url: DRAIN, headers: JSON_BODY, payload });
  expect(response.statusCode).toBe(400);
  expect(problemOf(response)).toMatchObject({ status: 400 });
  expect(existsSync(drainRequestPath({ home }))).toBe(false);
});

test('a refused body leaves a running drain as it is', async () => {
  const { ask, home } = await testDashboard();
  await ask({ method: 'POST', url: DRAIN });
  const before = readFileSync(drainRequestPath({ home }));
  expect((await ask({ method: 'POST', url: DRAIN, headers: JSON_BODY, payload: '{"action":"x"}' })).statusCode).toBe(
    400,
  );
  expect(readFileSync(drainRequestPath({ home }))).toEqual(before);
});

test('says which field is wrong', async () => {
  const { ask } = await testDashboard();
  const response = await ask({ method: 'POST', url: DRAIN, payload: { reason: 5 } });
  expect(problemOf(response).detail).toMatch(/^body\.reason: .*expected string/);
});

test('a body that is too large is refused', async () => {
  const { ask, home } = await testDashboard();
  const response = await ask({ method: 'POST', url: DRAIN, payload: { reason: 'x'.repeat(20_000) } });
  expect(response.statusCode).toBe(413);
  expect(problemOf(response)).toMatchObject({ code: 'body-too-large' });
  expect(existsSync(drainRequestPath({ home }))).toBe(false);
});

test('addresses the live gateway by its own epoch, which may be that of another container', async () => {
  const { ask, home } = await testDashboard();
  await writeGatewayState(gatewayState({ epoch: 'elsewhere:1' }), { home });
  const response = await ask({ method: 'POST', url: DRAIN });
  expect(response.json()).toMatchObject({ gateway_running: true });
  expect(readDrainVerdict({ home, epoch: 'elsewhere:1' })).toMatchObject({ active: true, reason: 'current' });
  expect((await ask({ url: DRAIN })).json()).toMatchObject({ verdict: { active: true, reason: 'current' } });
});

test.each([
  ['body', { url: DRAIN, payload: { profile: 'mail' } }],
  ['query', { url: `${DRAIN}?profile=mail` }],
  ['body and query alike', { url: `${DRAIN}?profile=mail`, payload: { profile: 'mail' } }],
])('the profile may be named in the %s', async (_where, request) => {
  const { ask, home } = await testDashboard();
  const profileHome = addProfile(home, 'mail');
  expect((await ask({ method: 'POST', ...request })).statusCode).toBe(200);
  expect(readDrainRequest({ home: profileHome })).toBeDefined();
  expect(readDrainRequest({ home })).toBeUndefined();
});

test.each([
  ['two different profiles', `${DRAIN}?profile=mail`, { profile: 'default' }, 400],
  ['a bad name', DRAIN, { profile: '../mail' }, 400],
  ['an empty name', `${DRAIN}?profile=`, {}, 400],
  ['a name twice', `${DRAIN}?profile=mail&profile=mail`, {}, 400],
  ['a misspelt query', `${DRAIN}?profil=mail`, {}, 400],
  ['an unknown profile', DRAIN, { profile: 'nobody' }, 404],
])('%s is refused and begins no drain', async (_what, url, payload, status) => {
  const { ask, home } = await testDashboard();
  const profileHome = addProfile(home, 'mail');
  const response = await ask({ method: 'POST', url, payload });
  expect(response.statusCode).toBe(status);
  problemOf(response);
  expect(readDrainRequest({ home })).toBeUndefined();
  expect(readDrainRequest({ home: profileHome })).toBeUndefined();
});

test('a directory in the place of the marker is reported, not removed', async () => {
  const { ask, home } = await testDashboard();
  mkdirSync(drainRequestPath({ home }));
  for (const action of ['drain', 'cancel']) {
    const response = await ask({ method: 'POST', url: DRAIN, payload: { action } });
    expect(response.statusCode).toBe(503);
    expect(problemOf(response)).toMatchObject({ code: 'storage-unavailable' });
  }
  expect((await ask({ url: DRAIN })).json()).toMatchObject({ verdict: { active: false, reason: 'unreadable' } });
});

test('a symbolic link in the place of the marker is replaced, not followed', async () => {
  const { ask, home } = await testDashboard();
  const target = join(home, 'precious');
  writeFileSync(target, 'precious');
  symlinkSync(target, drainRequestPath({ home }));
  expect((await ask({ url: DRAIN })).json()).toMatchObject({ verdict: { active: false, reason: 'unreadable' } });
  expect((await ask({ method: 'POST', url: DRAIN })).statusCode).toBe(200);
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect(readDrainRequest({ home })).toMatchObject({ action: 'drain' });
});
