import { StartupError } from '@hermes/service-kit';
import type pg from 'pg';
import { MIGRATIONS } from './migrations.ts';

/** The version of the tables in the schema of the connection; 0 if there are none. */
export async function schemaVersion(client: pg.ClientBase): Promise<number> {
  const found = await client.query("SELECT to_regclass('schema_version') IS NOT NULL AS found");
  if (!found.rows[0]?.found) return 0;
  const { rows } = await client.query('SELECT version FROM schema_version');
  return Number(rows[0]?.version ?? 0);
}

/**
 * Brings the tables to the version of this release. Gateways that start together wait for each other.
 * @throws StartupError when they are of a newer release.
 */
export async function migrate(client: pg.ClientBase, schema: string): Promise<void> {
  await requireKnown(client, schema);
  if ((await schemaVersion(client)) === MIGRATIONS.length) return;
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [schema]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    const version = await schemaVersion(client);
    for (const migration of MIGRATIONS.slice(version)) await client.query(migration);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
    await client.query('DELETE FROM schema_version');
    await client.query('INSERT INTO schema_version VALUES ($1)', [MIGRATIONS.length]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function requireKnown(client: pg.ClientBase, schema: string): Promise<void> {
  const version = await schemaVersion(client);
  if (version <= MIGRATIONS.length) return;
  throw new StartupError(
    `cannot use the journal in the schema ${schema}: its version is ${version}, this program knows versions up to ${MIGRATIONS.length}; install a newer release`,
  );
}
