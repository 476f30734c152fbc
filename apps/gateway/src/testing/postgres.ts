import { newSchema, sharedPostgres } from '@hermes/test-kit/postgres';
import { onTestFinished } from 'vitest';
import { PostgresJournal } from '../journal/postgres/postgres-journal.ts';
import type { FleetTimes } from '../journal/postgres/times.ts';
import { quietLog } from './quiet-log.ts';

export interface OpenOptions {
  /** Default: a new one. */
  readonly schema?: string;
  readonly name?: string;
  readonly url?: string;
  readonly times?: Partial<FleetTimes>;
}

/** A journal in the cluster of this process, until the test has finished. It may be closed before. */
export async function openPostgresJournal(options: OpenOptions = {}): Promise<PostgresJournal> {
  const { schema = newSchema(), name = 'gw1', times, url = (await sharedPostgres()).url } = options;
  const journal = new PostgresJournal({ url, schema, name, times, log: quietLog().log });
  await journal.open();
  onTestFinished(() => journal.close().catch(() => undefined));
  return journal;
}
