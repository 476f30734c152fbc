import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AuditEntry, AuditLog, auditPath, auditPaths, CHAIN_START, hashOf, nextEntry } from '@hermes/drain-audit';
import { createLogger } from '@hermes/service-kit';
import { describe, expect, test } from 'vitest';
import { RECORD } from '../testing/audit-records.ts';
import { temporaryHome } from '../testing/home.ts';
import { verifyAudit } from './read.ts';

function auditOf(home: string, rotateBytes = 1_000_000) {
  const log = new AuditLog(home, createLogger('test', 'silent'), { rotateBytes });
  const write = async (count: number) => {
    for (let index = 0; index < count; index += 1) await log.record({ ...RECORD, reason: `reason ${index}` });
  };
  return { log, write, verify: () => verifyAudit(home, log.last) };
}

function linesIn(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

function overwrite(path: string, lines: readonly string[]): void {
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
}

/** The entries of `lines`, of which `forge` changes what it likes, as a chain that is whole. */
function chained(lines: readonly string[], forge: (entry: AuditEntry) => Partial<AuditEntry>): string[] {
  let last = CHAIN_START;
  return lines.map((line) => {
    const entry: AuditEntry = JSON.parse(line);
    const { seq: _seq, prev: _prev, hash: _hash, oldest: _oldest, broken_at: _broken, ...record } = entry;
    const forged = nextEntry({ ...record, ...forge(entry) }, last);
    last = forged;
    return JSON.stringify(forged);
  });
}

const TAMPERINGS: readonly [what: string, tamper: (lines: string[]) => string[], broken_at: number][] = [
  ['cut off by one', (lines) => lines.slice(0, -1), 6],
  ['cut off to the first', (lines) => lines.slice(0, 1), 6],
  ['removed', () => [], 1],
  ['written anew as a chain that is whole', (lines) => chained(lines, () => ({ principal: 'another' })), 5],
  ['written anew and longer', (lines) => chained([...lines, ...lines], ({ seq }) => ({ reason: `forged ${seq}` })), 5],
  ['changed in its last entry, with its old hash', (lines) => [...lines.slice(0, -1), edited(lines.at(-1) ?? '')], 5],
  [
    'followed by an entry of the forger after a cut',
    (lines) => [...lines.slice(0, 4), ...chained(lines, () => ({ reason: 'forged' })).slice(4)],
    5,
  ],
];

function edited(line: string): string {
  return line.replace('"reason":"reason 4"', '"reason":"harmless"');
}

describe('an audit that others have', () => {
  test.each(TAMPERINGS)('%s is broken, also once more entries are written', async (_what, tamper, broken_at) => {
    const home = temporaryHome();
    const { log, write, verify } = auditOf(home);
    await write(5);
    overwrite(auditPath(home), tamper(linesIn(auditPath(home))));
    await write(3);
    expect(log.isBroken).toBe(true);
    expect(await verify()).toMatchObject({ ok: false, broken_at, detail: expect.any(String) });
  });

  test.each(TAMPERINGS)('%s is broken for those who start later, too', async (_what, tamper) => {
    const home = temporaryHome();
    const before = auditOf(home);
    await before.write(5);
    overwrite(auditPath(home), tamper(linesIn(auditPath(home))));
    await before.write(1);
    await before.log.close();
    const after = auditOf(home);
    after.log.start();
    await after.write(2);
    expect(after.log.isBroken).toBe(true);
    expect(await after.verify()).toMatchObject({ ok: false });
  });

  test('cut off after the start is broken, though nothing has been written since the start', async () => {
    const home = temporaryHome();
    await auditOf(home).write(5);
    const { log, write, verify } = auditOf(home);
    log.start();
    await expect.poll(() => log.last?.seq).toBe(5);
    overwrite(auditPath(home), linesIn(auditPath(home)).slice(0, -1));
    await write(1);
    expect(await verify()).toMatchObject({ ok: false, broken_at: 6, detail: 'entry 5 is missing' });
  });

  test('a line whose end a crash has cut off is no entry that others removed', async () => {
    const home = temporaryHome();
    await auditOf(home).write(3);
    truncateSync(auditPath(home), statSync(auditPath(home)).size - 1);
    const { log, write, verify } = auditOf(home);
    log.start();
    await write(1);
    expect(log.isBroken).toBe(false);
    expect(await verify()).toMatchObject({ ok: true, entries: 3 });
  });

  test('cut off and had an entry put in its place is broken when the entry says itself that all is well', async () => {
    const home = temporaryHome();
    const { write, verify } = auditOf(home);
    await write(5);
    const lines = linesIn(auditPath(home));
    const [, second = ''] = lines;
    const { seq, hash }: AuditEntry = JSON.parse(second);
    const forged = nextEntry({ ...RECORD, reason: 'forged' }, { seq, hash, oldest: 6 });
    overwrite(auditPath(home), [...lines.slice(0, 2), JSON.stringify(forged)]);
    await write(1);
    expect(await verify()).toMatchObject({ ok: false });
  });
});

describe('several dashboards', () => {
  test('take what another has written in between for what it is', async () => {
    const home = temporaryHome();
    const dashboards = [auditOf(home), auditOf(home), auditOf(home)];
    for (let round = 0; round < 3; round += 1) for (const { write } of dashboards) await write(2);
    for (const { log, verify } of dashboards) {
      expect(log.isBroken).toBe(false);
      expect(await verify()).toMatchObject({ ok: true, entries: 18, first: 1, last: 18, detail: null });
    }
  });

  test('do not miss what rotation has removed while they wrote nothing', async () => {
    const home = temporaryHome();
    const [idle, busy] = [auditOf(home, 1_000), auditOf(home, 1_000)];
    await idle.write(1);
    await busy.write(40);
    expect(await idle.verify()).toMatchObject({ ok: true });
    await idle.write(1);
    expect(idle.log.isBroken).toBe(false);
    expect(await idle.verify()).toMatchObject({ ok: true });
  });
});

describe('the beginning of an audit', () => {
  test('that rotation has removed is named, and is right', async () => {
    const home = temporaryHome();
    const { write, verify } = auditOf(home, 1_000);
    await write(40);
    const { first, ...verdict } = await verify();
    expect(first).toBeGreaterThan(1);
    expect(verdict).toMatchObject({ ok: true, detail: `entries 1 to ${Number(first) - 1} were removed by rotation` });
  });

  test.each(['.5', '.4 and what is older'])(
    'that others have removed is wrong, also once it is rotated: %s',
    async (which) => {
      const home = temporaryHome();
      const { write, verify } = auditOf(home, 1_000);
      await write(40);
      const [oldest = '', next = ''] = auditPaths(home);
      const removed = which === '.5' ? [oldest] : [oldest, next];
      for (const path of removed) rmSync(path);
      const found = {
        ok: false,
        detail: expect.stringMatching(/^entries \d+ to \d+ were removed, and not by rotation$/),
      };
      expect(await verify()).toMatchObject(found);
      await write(100);
      expect(auditPaths(home).every((path) => existsSync(path))).toBe(true);
      expect(await verify()).toMatchObject(found);
    },
  );

  test('of an audit that an earlier release has begun is right when rotation has removed it', async () => {
    const home = temporaryHome();
    await auditOf(home, 1_000).write(40);
    for (const path of auditPaths(home)) overwrite(path, linesIn(path).map(withoutOldest));
    rechain(auditPaths(home));
    const { write, verify } = auditOf(home, 1_000);
    expect(await verify()).toMatchObject({ ok: true, detail: expect.stringMatching(/by rotation$/) });
    await write(20);
    expect(await verify()).toMatchObject({ ok: true, detail: expect.stringMatching(/by rotation$/) });
  });
});

function withoutOldest(line: string): string {
  const { oldest: _oldest, ...entry }: AuditEntry = JSON.parse(line);
  return JSON.stringify(entry);
}

/** As a release wrote them that did not know the field. */
function rechain(paths: readonly string[]): void {
  let prev: string | undefined;
  for (const path of paths) {
    const entries = linesIn(path).map((line) => {
      const entry: AuditEntry = JSON.parse(line);
      const unhashed = { ...entry, prev: prev ?? entry.prev };
      const hash = hashOf(unhashed);
      prev = hash;
      return JSON.stringify({ ...unhashed, hash });
    });
    overwrite(path, entries);
  }
}

test('an audit that cannot be looked at for want of descriptors is not taken for one that was changed', () => {
  const program = fileURLToPath(new URL('../testing/programs/audit-without-descriptors.ts', import.meta.url));
  const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, program, temporaryHome(), '24'];
  const { stdout, stderr } = spawnSync('sh', limited, { encoding: 'utf8', timeout: 120_000 });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ broken: 0, isBroken: false, thrown: ['unavailable'] });
  // With enough left it writes, with none it does not.
  expect(report.written).toBeGreaterThan(1);
  expect(report.written).toBeLessThan(26);
});
