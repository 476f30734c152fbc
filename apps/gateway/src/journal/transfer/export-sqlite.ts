import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StartupError } from '@hermes/service-kit';
import type pg from 'pg';
import type { PostgresOptions } from '../postgres/options.ts';
import { fromStored } from '../postgres/stored-text.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { type OnProgress, PAGE_ROWS, TRANSFER_TABLES, type TransferCounts, type TransferTable } from './tables.ts';
import { withUnusedJournal } from './unused-database.ts';

type Value = string | number | null;

/**
 * Copies the journal on PostgreSQL, which no gateway may use, into the new file `path`, whole or not at all. Numbers of
 * events and the identity stay the same, so that readers can resume.
 * @throws StartupError
 */
export async function exportSqlite(
  from: PostgresOptions,
  path: string,
  onProgress: OnProgress,
): Promise<TransferCounts> {
  if (existsSync(path)) {
    throw new StartupError(`expected no file ${path}, found one; move it away, or choose another name`);
  }
  const staged = `${path}.partial`;
  const remove = (): void => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${staged}${suffix}`, { force: true });
  };
  remove();
  try {
    const counts = await withUnusedJournal(from, (client) => writeFile(client, staged, onProgress));
    renameSync(staged, path);
    flushDirectory(dirname(path));
    return counts;
  } finally {
    remove();
  }
}

async function writeFile(client: pg.Client, staged: string, onProgress: OnProgress): Promise<TransferCounts> {
  const target = openDatabase(staged);
  try {
    const counts: TransferCounts = { turns: 0, events: 0, deliveries: 0, drain_notices: 0 };
    target.exec('BEGIN IMMEDIATE');
    for (const table of TRANSFER_TABLES) counts[table.name] = await copyTable(client, target, table, onProgress);
    const { rows } = await client.query('select id from identity');
    target.prepare('UPDATE identity SET id = ?').run(rows[0].id);
    target.exec('COMMIT');
    return counts;
  } finally {
    target.close();
  }
}

async function copyTable(
  client: pg.Client,
  target: DatabaseSync,
  table: TransferTable,
  onProgress: OnProgress,
): Promise<number> {
  const columns = [...table.plain, ...table.texts];
  const insert = target.prepare(
    `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const order = table.isNumbered ? 'seq' : 'session, drain';
  const extra = table.name === 'deliveries' ? ', event_seq' : '';
  await client.query(
    `declare rows no scroll cursor for select ${columns.join(', ')}${extra} from ${table.name} order by ${order}`,
  );
  let count = 0;
  for (;;) {
    const { rows } = await client.query(`fetch ${PAGE_ROWS} from rows`);
    if (rows.length === 0) break;
    for (const row of rows) insert.run(...valuesOf(table, row));
    count += rows.length;
    onProgress(table.name, count);
  }
  await client.query('close rows');
  if (table.isNumbered && table.name !== 'turns') await continueNumbers(client, target, table);
  return count;
}

function valuesOf(table: TransferTable, row: Record<string, Value>): Value[] {
  const texts = table.texts.map((column) => {
    const text = row[column];
    return typeof text === 'string' ? fromStored(text) : null;
  });
  const event = table.texts.indexOf('event');
  const { event_seq: number = null } = row;
  if (event >= 0 && number !== null) {
    texts[event] = JSON.stringify({ ...JSON.parse(texts[event] ?? ''), event_id: String(number) });
  }
  return [...table.plain.map((column) => row[column] ?? null), ...texts];
}

/** The next row gets a number above all that were ever given, also those of deleted rows. */
async function continueNumbers(client: pg.Client, target: DatabaseSync, { name }: TransferTable): Promise<void> {
  const sql = `select last_value from ${name}_seq_seq where is_called`;
  const { rows } = await client.query(sql);
  if (rows[0] === undefined) return;
  target.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(name);
  target.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(name, rows[0].last_value);
}

function flushDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
