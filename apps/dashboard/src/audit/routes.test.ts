import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditPath } from '@hermes/drain-audit';
import { readDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import type { InjectOptions } from 'fastify';
import { expect, test } from 'vitest';
import { type TestDashboard, testDashboard } from '../testing/dashboard.ts';
import { addProfile } from '../testing/home.ts';

const DRAIN = '/api/gateway/drain';
const READER = 'ReaderSecret-0123456789-abcdefghijklmnopqrstuvwxyz';

async function entriesOf({ ask }: TestDashboard, query = ''): Promise<Record<string, unknown>[]> {
  const response = await ask({ url: `/api/audit${query}` });
  expect(response.statusCode).toBe(200);
  return response.json().entries;
}

test('tells who drained and cancelled what, when, why and with what result', async () => {
  const dashboard = await testDashboard();
  addProfile(dashboard.home, 'mail');
  const payload = { reason: 'update', profile: 'mail' };
  const { request_id } = (await dashboard.ask({ method: 'POST', url: DRAIN, payload })).json();
  await dashboard.ask({ method: 'DELETE', url: `${DRAIN}?profile=mail` });
  const common = {
    principal: 'dashboard',
    address: '127.0.0.1',
    profile: 'mail',
    request_id,
    result: 'ok',
    status: 200,
  };
  expect(await entriesOf(dashboard)).toMatchObject([
    { seq: 2, ...common, action: 'cancel', reason: null, detail: null },
    { seq: 1, ...common, action: 'drain', reason: 'update', detail: null },
  ]);
  expect(await entriesOf(dashboard, '?profile=default')).toEqual([]);
  expect(await entriesOf(dashboard, '?limit=1')).toHaveLength(1);
  const verdict = await dashboard.ask({ url: '/api/audit/verify' });
  const last_hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  const whole = { ok: true, entries: 2, broken_at: null, detail: null, first: 1, last: 2, last_hash };
  expect(verdict.json()).toEqual(whole);
});

test.each<[what: string, request: InjectOptions, entry: object]>([
  ['of a profile that is not', { payload: { profile: 'nobody' } }, { action: 'drain', profile: 'nobody', status: 404 }],
  ['with a body that is no JSON', { payload: '{' }, { action: 'drain', status: 400, detail: /^invalid-json/ }],
  ['with a body that is too large', { payload: 'x'.repeat(20_000) }, { status: 413, detail: /^body-too-large/ }],
  ['to cancel another drain', { method: 'DELETE', headers: { 'if-match': '"x"' } }, { action: 'cancel', status: 412 }],
  [
    'to restart',
    { url: '/api/gateway/restart', payload: { reason: 'r' } },
    { action: 'restart', status: 501, reason: 'r' },
  ],
  ['by body to cancel', { payload: { action: 'cancel', force: 1 } }, { action: 'cancel', status: 400 }],
])('a request %s is refused, and written down', async (_what, request, entry) => {
  const dashboard = await testDashboard();
  await writeDrainRequest({ home: dashboard.home });
  await dashboard.ask({ method: 'POST', url: DRAIN, ...request });
  const [found, ...others] = await entriesOf(dashboard);
  const { detail = /./, ...fields } = entry as { detail?: RegExp };
  expect(others).toEqual([]);
  expect(found).toMatchObject(fields);
  expect(found?.['result']).toBe(Number(found?.['status']) < 500 ? 'refused' : 'failed');
  expect(found?.['detail']).toMatch(detail);
});

test('one who may only read is refused and written down; one who is unknown leaves no trace', async () => {
  const dashboard = await testDashboard({ named: [{ name: 'eve', secret: READER, scopes: ['read'] }] });
  const { ask } = dashboard;
  await ask({ method: 'POST', url: DRAIN, headers: { authorization: `Bearer ${READER}` }, payload: { reason: 'r' } });
  await ask({ method: 'POST', url: DRAIN, headers: { authorization: 'Bearer nobody' } });
  await ask({ url: '/api/status' });
  const entries = await entriesOf(dashboard);
  expect(entries).toMatchObject([{ principal: 'eve', action: 'drain', status: 403, result: 'refused', reason: null }]);
});

test('an audit that cannot be written blocks neither a drain nor a cancel', async () => {
  const dashboard = await testDashboard();
  const { ask, home } = dashboard;
  mkdirSync(auditPath(home), { recursive: true });
  expect((await ask({ method: 'POST', url: DRAIN })).statusCode).toBe(200);
  expect((await ask({ method: 'DELETE', url: DRAIN })).json()).toMatchObject({ was_draining: true });
  expect(await entriesOf(dashboard)).toEqual([]);
});

test('a home where logs is a file does not block a cancel', async () => {
  const { ask, home } = await testDashboard();
  writeFileSync(join(home, 'logs'), '');
  await writeDrainRequest({ home });
  expect((await ask({ method: 'DELETE', url: DRAIN })).statusCode).toBe(200);
  expect(readDrainRequest({ home })).toBeUndefined();
});

test.each(['limit=0', 'limit=1001', 'limit=x', 'limits=1'])('a query of %s is refused', async (query) => {
  const { ask } = await testDashboard();
  expect((await ask({ url: `/api/audit?${query}` })).statusCode).toBe(400);
});
