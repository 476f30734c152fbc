import type { DatabaseSync } from 'node:sqlite';
import { StartupError } from '@hermes/service-kit';
import type pg from 'pg';
import type { PostgresOptions } from '../postgres/options.ts';
import { toStored } from '../postgres/stored-text.ts';
import { MIGRATIONS } from '../sqlite/migrations.ts';
import { openForReading } from '../sqlite/open-database.ts';
import { nullableTextOf, type Row, wholeText } from '../sqlite/statements.ts';
import { type OnProgress, PAGE_ROWS, TRANSFER_TABLES, type TransferCounts, type TransferTable } from './tables.ts';
import { withUnusedJournal } from './unused-database.ts';

/** The owner of running turns that were imported: no gateway has it, so that the first one takes them over. */
const NO_OWNER = '00000000-0000-0000-0000-000000000000';

/**
 * Copies the journal in the file `path`, which no gateway may use, into an empty one on PostgreSQL, all or nothing. Numbers
 * of events and the identity stay the same, so that readers can resume.
 * @throws StartupError
 */
export async function importSqlite(path: string, to: PostgresOptions, onProgress: OnProgress): Promise<TransferCounts> {
  const source = openForReading(path);
  try {
    requireCurrent(source, path);
    return await withUnusedJournal(to, async (client) => {
      await requireEmpty(client, to.schema);
      const counts: TransferCounts = { turns: 0, events: 0, deliveries: 0, drain_notices: 0 };
      for (const table of TRANSFER_TABLES)
        counts[table.name] = await copyTable(source, client, table, to.name, onProgress);
      const identity = source.prepare('SELECT id FROM identity').get()?.id;
      await client.query('update identity set id = $1', [identity]);
      return counts;
    });
  } finally {
    source.close();
  }
}

function requireCurrent(source: DatabaseSync, path: string): void {
  const version = Number(source.prepare('PRAGMA user_version').get()?.user_version);
  if (version === MIGRATIONS.length) return;
  throw new StartupError(
    `cannot import ${path}: expected schema version ${MIGRATIONS.length}, found ${version}; start and stop a gateway of this release on it first`,
    { temporary: false },
  );
}

async function requireEmpty(client: pg.Client, schema: string): Promise<void> {
  for (const { name } of TRANSFER_TABLES) {
    const { rows } = await client.query(`select from ${name} limit 1`);
    if (rows.length === 0) continue;
    throw new StartupError(
      `expected an empty journal in the schema ${schema}, found rows in ${name}; import into another schema`,
      { temporary: false },
    );
  }
}

async function copyTable(
  source: DatabaseSync,
  client: pg.Client,
  table: TransferTable,
  gateway: string,
  onProgress: OnProgress,
): Promise<number> {
  const columns = [...table.plain, ...table.texts];
  const selection = [...table.plain, ...table.texts.map(wholeText)].join(', ');
  let count = 0;
  let page: object[] = [];
  const flush = async (): Promise<void> => {
    if (page.length === 0) return;
    const extra = extraColumns(table, gateway);
    const names = [...columns, ...Object.keys(extra)].join(', ');
    const rows = JSON.stringify(page.map((row) => ({ ...row, ...ownerOf(table, row), ...extra })));
    const owner = table.name === 'turns' ? ', owner' : '';
    await client.query(
      `insert into ${table.name} (${names}${owner}) select ${names}${owner} from jsonb_populate_recordset(null::${table.name}, $1::jsonb)`,
      [rows],
    );
    count += page.length;
    page = [];
    onProgress(table.name, count);
  };
  const order = table.isNumbered ? 'seq' : 'session, drain';
  for (const row of source
    .prepare(`SELECT ${selection} FROM ${table.name} ORDER BY ${table.name}.${order}`)
    .iterate()) {
    page.push(storedRow(table, row));
    if (page.length === PAGE_ROWS) await flush();
  }
  await flush();
  if (table.isNumbered) await continueNumbers(source, client, table);
  return count;
}

function storedRow(table: TransferTable, row: Row): Record<string, unknown> {
  const texts = table.texts.map((column) => {
    const text = nullableTextOf(row[column]);
    return [column, text === null ? null : toStored(text)];
  });
  return { ...Object.fromEntries(table.plain.map((column) => [column, row[column]])), ...Object.fromEntries(texts) };
}

function ownerOf({ name }: TransferTable, row: { status?: unknown }): object {
  return name === 'turns' ? { owner: row.status === 'running' ? NO_OWNER : null } : {};
}

function extraColumns({ name }: TransferTable, gateway: string): Record<string, string> {
  return name === 'drain_notices' ? { gateway } : {};
}

/** The next row gets a number above all that were ever given, also those of deleted rows. */
async function continueNumbers(source: DatabaseSync, client: pg.Client, { name }: TransferTable): Promise<void> {
  const given = source.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(name)?.seq;
  const sql = `select setval(pg_get_serial_sequence($1, 'seq'), greatest((select max(seq) from ${name}), $2, 1),
    greatest((select max(seq) from ${name}), $2) is not null)`;
  await client.query(sql, [name, given ?? null]);
}
