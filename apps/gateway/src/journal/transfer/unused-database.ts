import { StartupError } from '@hermes/service-kit';
import type pg from 'pg';
import { Connections, hangUp } from '../postgres/connection.ts';
import { DEFAULT_TIMES, type PostgresOptions } from '../postgres/options.ts';
import { prepareSchema } from '../postgres/schema.ts';
import { startupError } from '../postgres/server-error.ts';

/** Bound on copying a page of rows, in ms. */
const COPY_MS = 600_000;

/**
 * Runs `work` in one transaction in which no gateway uses the journal, and none can join; commits if it resolves.
 * @throws StartupError if gateways use it, or the server refuses.
 */
export async function withUnusedJournal<T>(
  options: PostgresOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const connections = new Connections(options, { ...DEFAULT_TIMES, statementMs: COPY_MS });
  let client: pg.Client | undefined;
  try {
    client = await connections.open();
    await prepareSchema(client, options.schema);
    await client.query('begin isolation level read committed');
    // A gateway that starts waits for this lock before it joins, and tries again later.
    await client.query('lock table gateways in share row exclusive mode');
    const { rows } = await client.query('select name from gateways where owner in (select alive_1()) order by name');
    if (rows.length > 0) {
      const names = rows.map(({ name }) => name).join(', ');
      throw new StartupError(
        `expected that no gateway uses the schema ${options.schema}, found ${names}; stop these gateways first`,
        { temporary: false },
      );
    }
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client?.query('rollback').catch(() => undefined);
    throw startupError(error);
  } finally {
    hangUp(client);
  }
}
