import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HOME_LOCK_FILENAME, JOURNAL_FILENAME, visibleJson, visibleText } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { configPath } from './config/config-file.ts';
import { readConfig } from './config/load.ts';
import { lockHome } from './home-lock.ts';
import { type PostgresPlace, postgresPlace } from './journal/journal-source.ts';
import { type JournalRoles, privilegeStatements } from './journal/postgres/privileges.ts';
import { applyPrivileges, migrateSchema } from './journal/postgres/setup.ts';
import { type JournalStatus, journalStatus } from './journal/postgres/status.ts';
import { exportSqlite } from './journal/transfer/export-sqlite.ts';
import { importSqlite } from './journal/transfer/import-sqlite.ts';
import type { OnProgress, TransferCounts } from './journal/transfer/tables.ts';

interface CommandOptions {
  /** The home of the profile, whose config.yaml names the database. */
  readonly home: string;
  readonly json: boolean;
}

/** `hermes-gateway journal init`. @throws StartupError */
export async function runJournalInit(options: CommandOptions & JournalRoles & { apply: boolean }): Promise<void> {
  const place = placeOf(options.home);
  const statements = privilegeStatements(place.schema, options);
  if (options.apply) await applyPrivileges(place, statements);
  print(options, { schema: place.schema, applied: options.apply, statements }, [
    ...(options.apply ? ['applied:'] : []),
    ...statements,
  ]);
}

/** `hermes-gateway journal migrate`. @throws StartupError */
export async function runJournalMigrate(options: CommandOptions & { role: string | undefined }): Promise<void> {
  const place = placeOf(options.home);
  const { before, after } = await migrateSchema(place, options.role);
  const done = before === after ? `is at version ${after} already` : `is at version ${after} now`;
  print(options, { schema: place.schema, before, after }, [`the schema ${place.schema} ${done}`]);
}

/** `hermes-gateway journal status`. @throws StartupError */
export async function runJournalStatus(options: CommandOptions): Promise<void> {
  const status = await journalStatus(placeOf(options.home));
  print(options, status, statusLines(status));
}

/** `hermes-gateway journal export`. @throws StartupError; no file is left behind. */
export async function runJournalExport(options: CommandOptions & { file: string }): Promise<void> {
  const { file, json } = options;
  const place = placeOf(options.home);
  const rows = await exportSqlite(place, file, progress(json));
  print(options, { schema: place.schema, file, rows }, [
    `exported the schema ${place.schema} to ${file}: ${countsOf(rows)}`,
  ]);
}

/** `hermes-gateway journal import`. @throws StartupError; nothing is imported then. */
export async function runJournalImport(options: CommandOptions & { file: string | undefined }): Promise<void> {
  const { file = join(options.home, JOURNAL_FILENAME), json } = options;
  const place = placeOf(options.home);
  if (!existsSync(file)) throw new StartupError(`expected a journal ${file}, found no file; check the name`);
  using _lock = existsSync(join(dirname(file), HOME_LOCK_FILENAME)) ? lockHome(dirname(file)) : undefined;
  const rows = await importSqlite(file, place, progress(json));
  print(options, { schema: place.schema, file, rows }, [
    `imported ${file} into the schema ${place.schema}: ${countsOf(rows)}`,
  ]);
}

function placeOf(home: string): PostgresPlace {
  const { journal } = readConfig(home, process.env).config;
  if (journal.kind === 'postgres') return postgresPlace({ config: journal, home, environment: process.env });
  throw new StartupError(
    `expected journal.kind: postgres in ${configPath(home)}, found ${journal.kind}; set it, and journal.url_env to the variable with the URL`,
  );
}

function print({ json }: CommandOptions, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${visibleJson(value)}\n` : lines.map((line) => `${visibleText(line)}\n`).join(''));
}

function progress(json: boolean): OnProgress {
  const isShown = process.stderr.isTTY && !json;
  return (table, rows) => {
    if (isShown) process.stderr.write(`copied ${rows} rows of ${table}\n`);
  };
}

function countsOf({ turns, events, deliveries, drain_notices: notices }: TransferCounts): string {
  return `${turns} turns, ${events} events, ${deliveries} deliveries, ${notices} notices of drains`;
}

function statusLines(status: JournalStatus): string[] {
  const { schema, version, known_version: known, waiting, running, oldest_accepted_at: oldest, gateways } = status;
  if (version === null) return [`the schema ${schema} has no journal yet`];
  const since = oldest === null ? '' : `, the oldest accepted at ${new Date(oldest).toISOString()}`;
  return [
    `schema ${schema}: version ${version}, this program knows ${known}`,
    `turns: ${waiting} waiting, ${running} running${since}`,
    ...gateways.map(
      ({ name, running: count, takes_turns: takes, is_alive: isAlive, seen_at: seen }) =>
        `gateway ${name}: ${isAlive ? 'alive' : 'no sign of life'}, ${count} running, ${takes ? 'takes turns' : 'takes no turns'}, seen at ${new Date(seen).toISOString()}`,
    ),
  ];
}
