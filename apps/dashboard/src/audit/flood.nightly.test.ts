import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type AuditEntry, auditPath, auditPaths, CHAIN_START, nextEntry, ROTATE_BYTES } from '@hermes/drain-audit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RECORD } from '../testing/audit-records.ts';
import { type TestDashboard, testDashboard } from '../testing/dashboard.ts';
import { temporaryHome } from '../testing/home.ts';
import { readAudit, verifyAudit } from './read.ts';

const DRAIN = '/api/gateway/drain';
const READER = 'ReaderSecret-0123456789-abcdefghijklmnopqrstuvwxyz';
const AS_READER = { authorization: `Bearer ${READER}` };
function dashboardWithReader(home = temporaryHome()): Promise<TestDashboard> {
  return testDashboard({ home, named: [{ name: 'reader', secret: READER, scopes: ['read'] }] });
}

function entriesIn(home: string): AuditEntry[] {
  const lines = readFileSync(auditPath(home), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

test('who may only read cannot fill the audit with what is refused, nor write other than names into it', async () => {
  const { ask, app, home } = await dashboardWithReader();
  await ask({ method: 'POST', url: DRAIN, payload: { reason: 'to be kept' } });
  const url = `${DRAIN}?profile=${'%01'.repeat(251)}`;
  for (let count = 0; count < 400; count += 1) {
    expect((await ask({ method: 'POST', url, headers: AS_READER })).statusCode).toBe(403);
  }
  expect(statSync(auditPath(home)).size).toBeLessThan(2_000);
  await app.close();
  const [kept, first, others, ...rest] = entriesIn(home);
  expect(kept).toMatchObject({ reason: 'to be kept', result: 'ok' });
  expect(first).toMatchObject({ principal: 'reader', profile: '-', result: 'refused', status: 403 });
  expect(first).not.toHaveProperty('count');
  expect(others).toMatchObject({ principal: 'reader', profile: '-', result: 'refused', status: 403, count: 399 });
  expect(rest).toEqual([]);
  expect(await verifyAudit(home, undefined)).toMatchObject({ ok: true, entries: 3 });
});

test.each<[what: string, profile: unknown]>([
  ['with controls', '\u001b[2J'],
  ['with a path', '../default'],
  ['that is no text', 5],
  ['that is too long', 'x'.repeat(252)],
])('a profile name %s is not written', async (_what, profile) => {
  const { ask, home } = await dashboardWithReader();
  await ask({ method: 'POST', url: DRAIN, payload: { profile } });
  expect(entriesIn(home)).toMatchObject([{ profile: '-', result: 'refused' }]);
});

/** An audit as large as it gets. */
function largeAudit(): string {
  const home = temporaryHome();
  mkdirSync(join(home, 'logs'));
  let last = CHAIN_START;
  for (const path of auditPaths(home)) {
    const lines: string[] = [];
    for (let size = 0; size < ROTATE_BYTES; size += lines.at(-1)?.length ?? 0) {
      const entry = nextEntry(RECORD, last);
      lines.push(`${JSON.stringify(entry)}\n`);
      last = entry;
    }
    writeFileSync(path, lines.join(''));
  }
  return home;
}

/** How many lines `task` takes, and how many of them in the turn of the event loop in which it takes most. */
async function linesTakenBy(task: () => Promise<unknown>): Promise<{ all: number; inOneTurn: number }> {
  const parse = vi.spyOn(JSON, 'parse');
  let isOver = false;
  let inOneTurn = 0;
  const over = task().finally(() => {
    isOver = true;
  });
  for (let before = 0; !isOver; before = parse.mock.calls.length) {
    await setImmediate();
    inOneTurn = Math.max(inOneTurn, parse.mock.calls.length - before);
  }
  await over;
  const all = parse.mock.calls.length;
  parse.mockRestore();
  return { all, inOneTurn };
}

test('a large audit is verified, and searched, in slices between which others are served', async () => {
  const home = largeAudit();
  for (const task of [() => verifyAudit(home, undefined), () => readAudit(home, { limit: 20_000 })]) {
    const { all, inOneTurn } = await linesTakenBy(task);
    expect(all).toBeGreaterThan(10_000);
    expect(inOneTurn).toBeLessThan(all / 8);
  }
});

test('many who have a large audit verified share two runs', async () => {
  const home = temporaryHome();
  const dashboard = await dashboardWithReader(home);
  let running = 0;
  let most = 0;
  const { audit } = dashboard.services;
  const settled = audit.settled.bind(audit);
  let runs = 0;
  audit.settled = async () => {
    runs += 1;
    running += 1;
    most = Math.max(most, running);
    await settled();
    running -= 1;
  };
  onTestFinished(() => {
    audit.settled = settled;
  });
  const verify = { url: '/api/audit/verify', headers: AS_READER };
  const answers = await Promise.all(Array.from({ length: 20 }, () => dashboard.ask(verify)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
  expect([runs, most]).toEqual([2, 1]);
});

test('an audit that others have changed shows in the log of checks and in the metrics, and readiness stays', async () => {
  const { ask, app, home } = await dashboardWithReader();
  const broken = async () => /^hermes_dashboard_audit_broken (\d)$/m.exec((await ask({ url: '/metrics' })).body)?.[1];
  for (const reason of ['first', 'second']) await ask({ method: 'POST', url: DRAIN, payload: { reason } });
  expect(await broken()).toBe('0');
  writeFileSync(auditPath(home), `${readFileSync(auditPath(home), 'utf8').split('\n')[0]}\n`);
  await ask({ method: 'DELETE', url: DRAIN });
  const ready = await app.inject({ url: '/readyz?verbose' });
  expect(ready.statusCode).toBe(200);
  expect(ready.json().checks).toContainEqual({ name: 'audit_whole', ok: false });
  // The figures of a moment ago may be answered.
  await expect.poll(broken, { timeout: 120_000 }).toBe('1');
  expect((await ask({ url: '/api/audit/verify' })).json()).toMatchObject({ ok: false });
});
