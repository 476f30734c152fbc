import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '@hermes/service-kit';
import { temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { announcement, openJournal } from '../../testing/journals.ts';
import { turn } from '../../testing/turns.ts';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase, openForReading } from './open-database.ts';

let path: string;

beforeEach(() => {
  path = join(temporaryDirectory(), 'gateway.db');
});

/** Why the database is refused, with PATH for its path. */
function refusal(open: (path: string) => DatabaseSync = openDatabase): string {
  try {
    open(path).close();
    return 'opened';
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return error.message.replaceAll(path, 'PATH');
  }
}

/** Changes a database by hand, and lets go of it. */
function byHand(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** A database that holds some turns, as after a clean end. */
async function filled(): Promise<void> {
  const journal = openJournal(path);
  await Promise.all(Array.from({ length: 500 }, (_, n) => journal.accept(turn(`t${n}`, { text: 'x'.repeat(200) }))));
  await journal.announce(announcement('s', 'told', ['x']));
  await journal.close();
}

describe('a database', () => {
  it('is made where there is none, durable and at our schema, and opened again', () => {
    const database = openDatabase(path);
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(['journal_mode', 'synchronous', 'user_version'].map(pragma)).toEqual(['wal', 2, MIGRATIONS.length]);
    database.close();
    expect(refusal()).toBe('opened');
    expect(refusal(openForReading)).toBe('opened');
  });

  it('is made in an empty file, as a crash right at the start leaves one', () => {
    writeFileSync(path, '');
    expect(refusal()).toBe('opened');
  });

  it('is opened with what a crash left in its log', async () => {
    const journal = openJournal(path);
    await journal.accept(turn('a'));
    const copy = join(temporaryDirectory(), 'copy.db');
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${copy}${end}`);
    expect((await openJournal(copy).find('a'))?.id).toBe('a');
  });

  it('is opened after a crash in the very first write, before there was a log', () => {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA cache_size = 1; BEGIN; CREATE TABLE x (a); INSERT INTO x VALUES (zeroblob(500000));');
    const copy = join(temporaryDirectory(), 'copy.db');
    for (const end of ['', '-journal']) copyFileSync(`${path}${end}`, `${copy}${end}`);
    database.close();
    path = copy;
    expect(refusal()).toBe('opened');
  });
});

describe('a database is refused, and not a byte of it changed,', () => {
  const NOT_OURS = /^cannot use the journal PATH: it is not a SQLite database; move it away/;
  const CORRUPT = /^cannot use the journal PATH: it is (corrupt|not a SQLite database)/;

  it.each<[what: string, spoil: () => void, message: RegExp]>([
    ['when a newer release wrote it', () => byHand('PRAGMA user_version = 99'), /schema is version 99.*newer release$/],
    [
      'when a newer release wrote it in another mode',
      () => byHand('PRAGMA journal_mode = DELETE; PRAGMA user_version = 99'),
      /schema is version 99/,
    ],
    [
      'when it is something else',
      () => writeFileSync(path, 'just a text, longer than any header\n'.repeat(99)),
      NOT_OURS,
    ],
    ['when it is cut off', () => truncateSync(path, 20_480), CORRUPT],
    ['when it is cut off within a page', () => truncateSync(path, 30_001), CORRUPT],
    ['when its header is overwritten', () => overwrite(0, 100), CORRUPT],
    ['when a page in its middle is overwritten', () => overwrite(4_096 * 9, 4_096), CORRUPT],
  ])('%s', async (_what, spoil, message) => {
    await filled();
    spoil();
    const before = readFileSync(path);
    expect(refusal()).toMatch(message);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  function overwrite(start: number, length: number): void {
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, start, start + length));
  }

  it('after a crash of a newer release, and keeps its log unchanged', () => {
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA journal_mode = WAL; PRAGMA user_version = 99; CREATE TABLE x (a);');
    const copy = join(temporaryDirectory(), 'copy.db');
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${copy}${end}`);
    newer.close();
    path = copy;
    const before = ['', '-wal'].map((end) => readFileSync(`${path}${end}`));
    expect(refusal()).toMatch(/schema is version 99/);
    expect(['', '-wal'].map((end) => readFileSync(`${path}${end}`))).toEqual(before);
  });

  it('when another process writes to it', async () => {
    await filled();
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    expect(refusal()).toMatch(/another process has locked it; stop that process first/);
    other.exec('ROLLBACK');
    expect(refusal()).toBe('opened');
  });

  it('when another program uses the same version number', () => {
    byHand(`CREATE TABLE theirs (a); PRAGMA user_version = ${MIGRATIONS.length}`);
    expect(refusal()).toMatch(/it is the database of another program; move it away/);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('when another program has its tables in it', () => {
    byHand('CREATE TABLE theirs (a)');
    const before = readFileSync(path);
    expect(refusal()).toMatch(/it is the database of another program; move it away/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('what stands in the place of the database is refused as', () => {
  it.each<[what: string, make: (file: string) => void]>([
    ['a directory', (file) => mkdirSync(file)],
    ['a link', (file) => symlinkSync('/etc/hostname', file)],
    ['a link to nowhere', (file) => symlinkSync('/nowhere', file)],
    ['a FIFO, which would keep a reader waiting', (file) => execFileSync('mkfifo', [file])],
  ])('%s', (_what, make) => {
    for (const end of ['-journal', '-shm', '-wal', '']) {
      make(`${path}${end}`);
      const message = `cannot use the journal PATH: PATH${end} is not a regular file; remove it`;
      expect(refusal()).toBe(message);
      expect(refusal(openForReading)).toBe(message);
      execFileSync('rm', ['-r', `${path}${end}`]);
    }
  });

  it('nothing, for a reader', () => {
    expect(refusal(openForReading)).toMatch(/it cannot be opened; check the permissions/);
    expect(existsSync(path)).toBe(false);
  });

  it('a place that is not there', () => {
    path = join(path, 'gateway.db');
    expect(refusal()).toMatch(/it cannot be opened; check the permissions of the file and its directory/);
  });
});
