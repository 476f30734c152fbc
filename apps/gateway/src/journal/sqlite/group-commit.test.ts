import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { GroupCommit } from './group-commit.ts';

let path: string;
let database: DatabaseSync;
let group: GroupCommit;

beforeEach(() => {
  path = join(temporaryDirectory(), 'x.db');
  database = open({ timeout: 0 });
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT');
  group = new GroupCommit(database);
});

function open(options: { timeout?: number } = {}): DatabaseSync {
  const opened = new DatabaseSync(path, options);
  onTestFinished(() => closeQuietly(opened));
  return opened;
}

const insert = (n: number) => group.write(() => Number(database.prepare('INSERT INTO t VALUES (?)').run(n).changes));
const stored = () =>
  database
    .prepare('SELECT n FROM t ORDER BY rowid')
    .all()
    .map(({ n }) => n);

describe('a crowd of writes', () => {
  it('is committed once, each with its own result', async () => {
    expect(await Promise.all([1, 2, 3].map(insert))).toEqual([1, 1, 1]);
    expect(group.commits).toBe(1);
    await insert(4);
    expect(group.commits).toBe(2);
  });

  it('takes effect in the order of the calls', async () => {
    const order: number[] = [];
    await Promise.all([3, 1, 2].map((n) => group.write(() => order.push(n))));
    expect(order).toEqual([3, 1, 2]);
  });

  it('is invisible before its commit', async () => {
    const reader = open();
    const inside = group.write(() => {
      database.prepare('INSERT INTO t VALUES (1)').run();
      return reader.prepare('SELECT count(*) AS n FROM t').get()?.n;
    });
    expect(await inside).toBe(0);
    expect(stored()).toEqual([1]);
  });

  it('loses only the write that fails', async () => {
    const outcomes = await Promise.allSettled([1, 2, 1, 3].map(insert));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(stored()).toEqual([1, 2, 3]);
  });

  it('keeps nothing of a write that fails half way', async () => {
    const half = group.write(() => {
      database.prepare('INSERT INTO t VALUES (1)').run();
      throw new Error('half way');
    });
    await expect(half).rejects.toThrow('half way');
    await insert(2);
    expect(stored()).toEqual([2]);
  });

  it('is refused as a whole and at once while another process writes', async () => {
    const other = open();
    other.exec('BEGIN IMMEDIATE');
    const outcomes = await Promise.allSettled([1, 2, 3].map(insert));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    other.exec('ROLLBACK');
    await insert(4);
    expect(stored()).toEqual([4]);
  });

  it('asks a locked database once, not once for each write', async () => {
    database.exec('PRAGMA busy_timeout = 2000');
    const other = open();
    other.exec('BEGIN IMMEDIATE');
    const before = performance.now();
    await Promise.allSettled(Array.from({ length: 50 }, (_, n) => insert(n)));
    expect(performance.now() - before).toBeLessThan(50_000);
    other.exec('ROLLBACK');
  });
});

describe('flush', () => {
  it('commits pending writes at once, and only once', async () => {
    const written = insert(1);
    group.flush();
    expect(stored()).toEqual([1]);
    await written;
    expect(group.commits).toBe(1);
  });
});

it('a write to a closed database rejects without side effects', async () => {
  database.close();
  await expect(Promise.all([insert(1), insert(2)])).rejects.toThrow('database is not open');
});

/** A test may have closed it. */
function closeQuietly(database: DatabaseSync): void {
  try {
    database.close();
  } catch {}
}
