import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILENAME } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { SqliteJournal } from './journal/sqlite/sqlite-journal.ts';
import { failedStart, startGateway } from './testing/gateway-process.ts';
import { openJournal, unfinishedTurns } from './testing/journals.ts';
import { turn } from './testing/turns.ts';

const PAGE = 4_096;
const TEXT = 'a message that takes some room. '.repeat(100);

const size = (file: string) => statSync(file).size;
function overwrite(file: string, at: number, bytes: number, value: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(bytes, value), 0, bytes, at);
  closeSync(descriptor);
}

/** A home as a gateway leaves it that was killed: ten turns in the database, and ten in its log. */
async function killedHome(): Promise<{ home: string; path: string }> {
  const before = join(temporaryDirectory(), JOURNAL_FILENAME);
  const home = temporaryDirectory();
  const path = join(home, JOURNAL_FILENAME);
  for (const from of [0, 10]) {
    const journal = openJournal(before);
    for (let n = from; n < from + 10; n += 1) await journal.accept(turn(`t${n}`, { text: TEXT }));
    for (const end of ['', '-wal']) if (from === 10) copyFileSync(`${before}${end}`, `${path}${end}`);
    await journal.close();
  }
  return { home, path };
}

/** How many turns a journal serves that was opened, written and closed, or why it was refused. */
async function outcome(path: string): Promise<number | string> {
  try {
    const journal = new SqliteJournal(path);
    await journal.accept(turn('new'));
    const { length } = await unfinishedTurns(journal);
    await journal.close();
    return length - 1;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const CORRUPT = /^StartupError: cannot use the journal .*: it is corrupt; restore it .*: mkdir '.*' && mv '.*'\* '/;
const NO_DATABASE = /^StartupError: cannot use the journal .*: it is not a SQLite database; .* && mv /;
const LOG = /^StartupError: cannot use the journal .*: its log .*-wal is damaged: .* && mv /;
const withoutLog = (damage: (path: string) => void) => (path: string) => {
  new SqliteJournal(path).close();
  damage(path);
};

describe('a journal is refused, with the command that moves it away, when', () => {
  it.each<[what: string, damage: (path: string) => void, refusal: RegExp]>([
    ['its log is garbage', (path) => writeFileSync(`${path}-wal`, 'garbage '.repeat(9_999)), LOG],
    ['its log is zeroed', (path) => overwrite(`${path}-wal`, 0, size(`${path}-wal`), 0), LOG],
    ['the header of its log is overwritten', (path) => overwrite(`${path}-wal`, 0, 32, 0x78), LOG],
    ['one bit of that header is another', (path) => overwrite(`${path}-wal`, 15, 1, 0xff), LOG],
    ['its header is garbage', withoutLog((path) => overwrite(path, 0, 100, 0x78)), NO_DATABASE],
    ['the rest of its first page is garbage', withoutLog((path) => overwrite(path, 100, 3_000, 0xff)), CORRUPT],
    ['a page is zeroed', withoutLog((path) => overwrite(path, PAGE, PAGE, 0)), CORRUPT],
    ['its last page is zeroed', withoutLog((path) => overwrite(path, size(path) - PAGE, PAGE, 0)), CORRUPT],
    [
      'all pages but the first are garbage',
      withoutLog((path) => overwrite(path, PAGE, size(path) - PAGE, 0xa5)),
      CORRUPT,
    ],
    ['it is truncated to half', withoutLog((path) => truncateSync(path, size(path) >> 1)), CORRUPT],
    ['it is truncated within a page', withoutLog((path) => truncateSync(path, PAGE + 77)), CORRUPT],
    ['it is truncated within its header', withoutLog((path) => truncateSync(path, 50)), CORRUPT],
  ])('%s', async (_what, damage, refusal) => {
    const { path } = await killedHome();
    damage(path);
    expect(await outcome(path)).toMatch(refusal);
  });
});

describe('a journal serves what SQLite still finds when', () => {
  it.each<[what: string, damage: (path: string) => void, left: [least: number, most: number]]>([
    ['nothing happened to it', () => undefined, [20, 20]],
    ['its log is truncated to half', (path) => truncateSync(`${path}-wal`, size(`${path}-wal`) >> 1), [11, 19]],
    ['its log is truncated within a frame', (path) => truncateSync(`${path}-wal`, 32 + 24 + 100), [10, 10]],
    ['its log is empty', (path) => truncateSync(`${path}-wal`, 0), [10, 10]],
    ['its log is gone', (path) => rmSync(`${path}-wal`), [10, 10]],
    ['a frame of its log is changed', (path) => overwrite(`${path}-wal`, 32 + 24 + 200, 50, 0x7a), [10, 10]],
  ])('%s', async (_what, damage, [least, most]) => {
    const { path } = await killedHome();
    damage(path);
    const left = await outcome(path);
    expect(left).toBeGreaterThanOrEqual(least);
    expect(left).toBeLessThanOrEqual(most);
  });
});

describe('a gateway', () => {
  it('refuses to start with a damaged log, and changes neither file; so does the list of turns', async () => {
    const { home, path } = await killedHome();
    overwrite(`${path}-wal`, 0, 32, 0x78);
    const before = size(path);
    for (const args of [['run'], ['turns']]) {
      const { code, stderr } = await failedStart({ home, args });
      expect([code, stderr]).toEqual([
        78,
        expect.stringMatching(/^hermes-gateway: cannot use the journal .* && mv .*\n$/),
      ]);
    }
    expect([size(path), existsSync(`${path}-wal`)]).toEqual([before, true]);
  });

  it('lists no turns of a damaged journal, in one line', async () => {
    const { home, path } = await killedHome();
    withoutLog(() => overwrite(path, PAGE, size(path) - PAGE, 0xa5))(path);
    const { code, stderr } = await failedStart({ home, args: ['turns'] });
    expect([code, stderr]).toEqual([
      78,
      expect.stringMatching(/^hermes-gateway: cannot use the journal .*corrupt.*\n$/),
    ]);
  });

  it.each<[what: string, damage: (path: string) => void]>([
    ['the header of its log is overwritten', (path) => overwrite(`${path}-wal`, 0, 32, 0x78)],
    ['its log is overwritten', (path) => overwrite(`${path}-wal`, 0, size(`${path}-wal`), 0x78)],
    ['its log is truncated', (path) => truncateSync(`${path}-wal`, size(`${path}-wal`) >> 1)],
    ['its database is truncated', (path) => truncateSync(path, size(path) >> 1)],
  ])('that runs refuses messages when %s, is not ready, and still stops', async (_what, damage) => {
    const { home, path } = await killedHome();
    const gateway = await startGateway({ home });
    await eventually(() => expect(gateway.state?.active_agents).toBe(0));
    damage(path);
    const say = () => gateway.post({ session: 'x', text: 'hello' });
    await eventually(async () => {
      const response = await say();
      expect([response.status, await response.json()]).toMatchObject([503, { code: 'storage-unavailable' }]);
    });
    // Each check writes to the journal, which must not count as a recovery.
    for (let look = 0; look < 5; look++) {
      const ready = await fetch(`${gateway.url}/readyz`);
      expect([ready.status, (await say()).status]).toEqual([503, 503]);
    }
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
  });
});
