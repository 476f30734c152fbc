import { hostname } from 'node:os';
import { join } from 'node:path';
import { JOURNAL_FILENAME } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import { requireVariable } from '../environment/require-variable.ts';
import type { StorageCheck } from '../storage/storage-watch.ts';
import type { PostgresConfig } from './config.ts';
import type { Journal } from './journal.ts';
import { JournalHealth } from './sqlite/journal-health.ts';
import type { ThreadedJournal } from './sqlite/threaded-journal.ts';

/** A journal that is not open yet. */
export interface JournalSource {
  readonly journal: Journal;
  /** @throws StartupError when it cannot be used. After a temporary failure, the call can be repeated. */
  open(): Promise<void>;
  /**
   * Checks the open journal. @param onFailure is called when it reports an error, so that the problem is known before
   * the next message.
   */
  check(onFailure: () => void): StorageCheck;
  /** The error of a start in which the open journal failed with `error`: a server that is restarted is temporary. */
  explain(error: unknown): unknown;
}

/** The journal in a file of the home. @param journal is not open yet. */
export function sqliteSource(journal: ThreadedJournal, home: string): JournalSource {
  const path = join(home, JOURNAL_FILENAME);
  return {
    journal,
    open: () => journal.open(path),
    check: (onFailure) => new JournalHealth(journal, path, onFailure),
    explain: (error) => error,
  };
}

/** The journal in a database that gateways share. @throws StartupError when the variable with the URL is not set. */
export async function postgresSource(options: PostgresSourceOptions): Promise<JournalSource> {
  // Loaded when it is needed: a journal in the home needs no client of a database.
  const { PostgresJournal } = await import('./postgres/postgres-journal.ts');
  const { isOfServer, startupError } = await import('./postgres/server-error.ts');
  const explain = (error: unknown) => (isOfServer(error) ? startupError(error) : error);
  const journal = new PostgresJournal({ ...postgresPlace(options), log: options.log });
  const check = (onFailure: () => void) => {
    journal.on('failure', onFailure);
    return journal;
  };
  return { journal, open: () => journal.open(), check, explain };
}

/** Where the database of a gateway is, and its name there. @throws StartupError when the variable is not set. */
export function postgresPlace({ config, home, environment }: PostgresPlaceOptions): PostgresPlace {
  const { schema, url_env, name = `${hostname()}:${home}` } = config;
  return { url: requireVariable(environment, url_env, 'journal.url_env'), schema, name };
}

export interface PostgresPlace {
  /** May contain a password. */
  readonly url: string;
  readonly schema: string;
  /** What the other gateways call this one. */
  readonly name: string;
}

export interface PostgresPlaceOptions {
  readonly config: PostgresConfig;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface PostgresSourceOptions extends PostgresPlaceOptions {
  readonly log: Logger;
}
