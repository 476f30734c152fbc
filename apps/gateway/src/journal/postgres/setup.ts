import type pg from 'pg';
import { Connections, hangUp } from './connection.ts';
import { MIGRATIONS } from './migrations.ts';
import { DEFAULT_TIMES, type PostgresOptions } from './options.ts';
import { prepareSchema, quoted, schemaVersion } from './schema.ts';
import { startupError } from './server-error.ts';

/** Runs the statements of `privilegeStatements` in one transaction. @throws StartupError; nothing has changed then. */
export function applyPrivileges(options: PostgresOptions, statements: readonly string[]): Promise<void> {
  return withClient(options, async (client) => {
    // One query without values is one transaction.
    await client.query(statements.join('\n'));
  });
}

/**
 * Brings the schema to the current version. @param role the role that owns the schema; default: that of the URL.
 * @returns the versions before and after; 0 is none. @throws StartupError; the schema is then unchanged.
 */
export function migrateSchema(options: PostgresOptions, role?: string): Promise<{ before: number; after: number }> {
  return withClient(options, async (client) => {
    if (role !== undefined) await client.query(`set role ${quoted(role)}`);
    const before = (await schemaVersion(client, options.schema)) ?? 0;
    await prepareSchema(client, options.schema);
    return { before, after: MIGRATIONS.length };
  });
}

async function withClient<T>(options: PostgresOptions, work: (client: pg.Client) => Promise<T>): Promise<T> {
  let client: pg.Client | undefined;
  try {
    client = await new Connections(options, DEFAULT_TIMES).open();
    return await work(client);
  } catch (error) {
    throw startupError(error);
  } finally {
    hangUp(client);
  }
}
