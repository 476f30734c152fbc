import { postgresSchema, type TestSchema } from '@hermes/test-kit/postgres';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { JournalTimes, PostgresOptions } from '../journal/postgres/options.ts';
import { PostgresJournal } from '../journal/postgres/postgres-journal.ts';

/** Times for tests: the servers of tests have just been started, and their gateways die on purpose. */
export const QUICK: Partial<JournalTimes> = { graceMs: 0, sweepMs: 100, firstRetryMs: 20 };

export interface JournalOptions extends Partial<PostgresOptions> {
  readonly at?: TestSchema;
}

/** A journal on the server of this process, by default in a schema of its own, closed when the test has finished. */
export async function openPostgresJournal({ at, times, ...options }: JournalOptions = {}): Promise<PostgresJournal> {
  const place = at ?? (await postgresSchema());
  const journal = new PostgresJournal({ name: 'gateway', ...place, ...options, times: { ...QUICK, ...times } });
  await journal.open();
  onTestFinished(() => journal.close());
  return journal;
}

/** A connection of the test to the database, with the tables of the journal in its search path. */
export async function databaseClient({ url, schema }: TestSchema): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`set search_path = "${schema}"`);
  return client;
}
