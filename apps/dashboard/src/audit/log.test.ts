import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditLog, auditLockPath, auditPath, CHAIN_START, canonicalJson, hashOf, nextEntry } from '@hermes/drain-audit';
import { createLogger } from '@hermes/service-kit';
import { lockHolder } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RECORD } from '../testing/audit-records.ts';
import { temporaryHome } from '../testing/home.ts';
import { readAudit, verifyAudit } from './read.ts';

function auditOf(home: string, options: ConstructorParameters<typeof AuditLog>[2] = {}) {
  const log = new AuditLog(home, createLogger('test', 'silent'), options);
  const written: boolean[] = [];
  log.onEntry = (_record, isWritten) => written.push(isWritten);
  return { log, written, path: auditPath(home), verify: () => verifyAudit(home, log.last) };
}

/** Another process that holds the lock of the audit, until the test has finished. */
async function holderOf(home: string) {
  const holder = await lockHolder(auditLockPath(home));
  onTestFinished(() => void holder.kill('SIGKILL'));
  return holder;
}

async function write(log: AuditLog, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await log.record({ ...RECORD, reason: `reason ${index}` });
}

test('canonical JSON has its keys in order and nothing else', () => {
  const value = { b: [1, { d: null, c: 'ü"\n' }], a: true };
  expect(canonicalJson(value)).toBe('{"a":true,"b":[1,{"c":"ü\\"\\n","d":null}]}');
});

test('each line carries the hash of the one before, and its own', async () => {
  const { log, path, verify } = auditOf(temporaryHome());
  await Promise.all([log.record(RECORD), log.record({ ...RECORD, action: 'cancel' }), log.record(RECORD)]);
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ seq, action }) => [seq, action])).toEqual([
    [1, 'drain'],
    [2, 'cancel'],
    [3, 'drain'],
  ]);
  expect(lines.map(({ prev }) => prev)).toEqual(['0'.repeat(64), lines[0].hash, lines[1].hash]);
  for (const line of lines) expect(line.hash).toBe(hashOf(line));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const last_hash = lines[2].hash;
  expect(await verify()).toEqual({ ok: true, entries: 3, broken_at: null, detail: null, first: 1, last: 3, last_hash });
});

test('continues across restarts, and beside another dashboard of the same home', async () => {
  const home = temporaryHome();
  const [one, two] = [auditOf(home), auditOf(home)];
  for (const { log } of [one, two, one, auditOf(home)]) await write(log, 2);
  expect(await one.verify()).toMatchObject({ ok: true, entries: 8 });
});

test('continues when several dashboards write at the same time and one crashes', async () => {
  const home = temporaryHome();
  const logs = Array.from({ length: 4 }, () => auditOf(home));
  const holder = await holderOf(home);
  const writing = Promise.all(logs.map(({ log }) => write(log, 25)));
  holder.kill('SIGKILL');
  await writing;
  for (const { verify } of logs) expect(await verify()).toMatchObject({ ok: true, entries: 100 });
  expect(readdirSync(join(home, 'logs'))).toEqual(['drain-audit.jsonl']);
});

test('while a stopped process holds its lock, one answer waits, the others do not, and nothing is appended', async () => {
  const home = temporaryHome();
  const { log, written, verify } = auditOf(home, { entryWaitMs: 600_000 });
  const holder = await holderOf(home);
  holder.kill('SIGSTOP');
  await write(log, 500);
  expect(written).toEqual([]);
  expect(existsSync(auditPath(home))).toBe(false);
  holder.kill('SIGKILL');
  await eventually(() => expect(written).toHaveLength(500));
  expect(written).not.toContain(false);
  expect(await verify()).toMatchObject({ ok: true, entries: 500 });
});

test('entries that time out on the lock or exceed the queue are lost and reported', async () => {
  const home = temporaryHome();
  const { log, written, verify } = auditOf(home, { entryWaitMs: 3_000 });
  const holder = await holderOf(home);
  await write(log, 1_001);
  expect(written).toEqual([false]);
  await eventually(() => expect(written).toHaveLength(1_001));
  expect(written).not.toContain(true);
  holder.kill('SIGKILL');
  await write(log, 1);
  await log.settled();
  expect(await verify()).toMatchObject({ ok: true, entries: 1 });
});

test('continues after an entry that a program without the lock has appended between the read and the write', async () => {
  const home = temporaryHome();
  const { log, verify } = auditOf(home);
  await write(log, 1);
  const [first] = await readAudit(home, { limit: 1 });
  const second = `${JSON.stringify(nextEntry(RECORD, first ?? CHAIN_START))}\n`;
  const file = await open(auditPath(home));
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  const read = prototype.read;
  vi.spyOn(prototype, 'read').mockImplementationOnce(async function (this: unknown, ...args: unknown[]) {
    const result = await read.apply(this, args);
    appendFileSync(auditPath(home), second);
    return result;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  await write(log, 1);
  expect(await verify()).toMatchObject({ ok: true, entries: 3 });
});

test('is followed as it was at one moment, however often it is rotated meanwhile', async () => {
  const home = temporaryHome();
  const { log, verify } = auditOf(home, { rotateBytes: 20_000 });
  await write(log, 100);
  const writing = write(log, 150).then(() => 'written');
  for (const done = { value: false }; !done.value; ) {
    expect(await verifyAudit(home, undefined)).toMatchObject({ ok: true });
    done.value = (await Promise.race([writing, new Promise((resolve) => setImmediate(resolve))])) === 'written';
  }
  expect(await verify()).toMatchObject({ ok: true });
});

test('is rotated, keeps five older files, and the chain continues', async () => {
  const home = temporaryHome();
  const { log, verify } = auditOf(home, { rotateBytes: 1_000 });
  await write(log, 40);
  const names = readdirSync(join(home, 'logs')).sort();
  expect(names).toEqual(['', '.1', '.2', '.3', '.4', '.5'].map((end) => `drain-audit.jsonl${end}`));
  const verdict = await verify();
  expect(verdict).toMatchObject({ ok: true });
  const entries = await readAudit(home, { limit: 1_000 });
  expect(entries).toHaveLength(verdict.entries);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => 40 - index));
  expect(await readAudit(home, { limit: 3 })).toHaveLength(3);
  expect(await readAudit(home, { limit: 3, profile: 'mail' })).toEqual([]);
});

test.each<[what: string, spoil: (lines: string[]) => string[], broken_at: number]>([
  ['changed', (lines) => lines.map((line, index) => (index === 2 ? line.replace('reason 2', 'reason 9') : line)), 3],
  ['removed', (lines) => lines.filter((_, index) => index !== 2), 4],
  ['removed at the beginning', (lines) => lines.slice(1).map((l) => l.replace('"seq":2', '"seq":1')), 1],
  ['removed at the end', (lines) => lines.slice(0, 4), 5],
  ['swapped', ([a = '', b = '', ...rest]) => [b, a, ...rest], 1],
  ['inserted', (lines) => [...lines.slice(0, 2), '{"seq":3}', ...lines.slice(2)], 3],
  ['made longer', (lines) => lines.map((line, index) => (index === 1 ? `{"x":1,${line.slice(1)}` : line)), 2],
  ['all removed', () => [], 1],
])('a line that was %s is found', async (_what, spoil, broken_at) => {
  const { log, path, verify } = auditOf(temporaryHome());
  await write(log, 5);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(
    path,
    spoil(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
  expect(await verify()).toMatchObject({ ok: false, broken_at, detail: expect.any(String) });
});

test('half a line that a crash left is removed, and the chain continues', async () => {
  const home = temporaryHome();
  const { log, path } = auditOf(home);
  await write(log, 3);
  truncateSync(path, statSync(path).size - 20);
  const again = auditOf(home);
  await write(again.log, 2);
  expect(await again.verify()).toMatchObject({ ok: true, entries: 4 });
});

test('a line that a crash cut in the middle of a character takes nothing of the line before it', async () => {
  const home = temporaryHome();
  const { log, path } = auditOf(home);
  await write(log, 2);
  appendFileSync(path, Buffer.from('{"reason":"\u{1f6d1}').subarray(0, -3));
  const again = auditOf(home);
  await write(again.log, 1);
  expect(await again.verify()).toMatchObject({ ok: true, entries: 3 });
});

test.each<[what: string, plant: (home: string) => void]>([
  ['link to a file', (home) => symlinkSync(join(home, 'victim'), auditPath(home))],
  ['hard link', (home) => linkSync(join(home, 'victim'), auditPath(home))],
  ['directory', (home) => mkdirSync(auditPath(home))],
  [
    'link to a directory',
    (home) => {
      rmSync(join(home, 'logs'), { recursive: true });
      mkdirSync(join(home, 'elsewhere'));
      symlinkSync(join(home, 'elsewhere'), join(home, 'logs'));
    },
  ],
])('a %s in its place is not followed and blocks no request', async (_what, plant) => {
  const home = temporaryHome();
  writeFileSync(join(home, 'victim'), 'precious\n');
  mkdirSync(join(home, 'logs'));
  plant(home);
  const { log, written } = auditOf(home);
  await log.record(RECORD);
  expect(written).toEqual([false]);
  expect(readFileSync(join(home, 'victim'), 'utf8')).toBe('precious\n');
  expect(existsSync(join(home, 'elsewhere', 'drain-audit.jsonl'))).toBe(false);
  expect(await readAudit(home, { limit: 10 })).toEqual([]);
});

test('lines that are no entries are left out, however they got there', async () => {
  const home = temporaryHome();
  const { log, path } = auditOf(home);
  await write(log, 1);
  appendFileSync(path, `null\n{}\n{"seq":2}\n${'x'.repeat(3_000_000)}\n`);
  await readAudit(home, { limit: 10 });
  expect((await verifyAudit(home, log.last)).ok).toBe(false);
});
