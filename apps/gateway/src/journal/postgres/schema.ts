import { StartupError } from '@hermes/service-kit';
import type pg from 'pg';
import { MIGRATIONS } from './migrations.ts';

/** The oldest major version of PostgreSQL that works. */
const OLDEST_SERVER = 13;

const WHERE = 'cannot use the journal on PostgreSQL';

/**
 * Checks the server and brings the schema to the current version. Gateways that start together wait for each other.
 * @throws StartupError if the server or the schema cannot be used; the schema is then unchanged.
 */
export async function prepareSchema(client: pg.Client, schema: string): Promise<void> {
  await requireServer(client);
  if ((await schemaVersion(client, schema)) === MIGRATIONS.length) return;
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`hermes migrate ${schema}`]);
    const version = await schemaVersion(client, schema);
    if (version === undefined && !(await exists(client, schema))) await client.query(`create schema ${quoted(schema)}`);
    for (const migration of MIGRATIONS.slice(version ?? 0)) await client.query(migration);
    await client.query('update schema_version set version = $1', [MIGRATIONS.length]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/**
 * The version of the schema; `undefined` if it does not exist or is empty. @throws StartupError if it is newer than this
 * program, or of another program.
 */
export async function schemaVersion(client: pg.Client, schema: string): Promise<number | undefined> {
  const sql = `select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'v', 'm', 'p', 'f')`;
  const names = (await client.query(sql, [schema])).rows.map(({ relname }) => relname);
  if (names.length === 0) return undefined;
  if (!names.includes('schema_version') || !names.includes('turns')) {
    throw lasting(
      `expected a journal or nothing in the schema ${schema}, found tables of another program; use another schema`,
    );
  }
  const { rows } = await client.query(`select version from ${quoted(schema)}.schema_version`);
  const version: number = rows[0]?.version ?? 0;
  if (version <= MIGRATIONS.length) return version;
  const known = `this program knows versions up to ${MIGRATIONS.length}`;
  throw lasting(`its schema is version ${version}, ${known}; install a newer release`);
}

async function exists(client: pg.Client, schema: string): Promise<boolean> {
  const { rows } = await client.query('select from pg_namespace where nspname = $1', [schema]);
  return rows.length > 0;
}

async function requireServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`select current_setting('server_version_num')::integer as version,
    current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby`);
  const { version, encoding, standby } = rows[0];
  const major = Math.trunc(version / 10_000);
  if (major < OLDEST_SERVER)
    throw lasting(`expected version ${OLDEST_SERVER} or newer, found ${major}; upgrade the server`);
  if (encoding !== 'UTF8') {
    throw lasting(`expected a database with the encoding UTF8, found ${encoding}; create one with ENCODING 'UTF8'`);
  }
  if (standby) {
    const problem = 'expected the primary server, found a standby, which is read-only; use the address of the primary';
    throw new StartupError(`${WHERE}: ${problem}`, { temporary: true });
  }
}

/**
 * A pooler that gives each transaction another connection breaks locks of a session and notifications. It gives the
 * connection of `client` to `other` while `client` does nothing.
 */
export async function requireSession(client: pg.Client, other: pg.Client): Promise<void> {
  const pidOf = async (one: pg.Client): Promise<number> =>
    (await one.query('select pg_backend_pid() as pid')).rows[0].pid;
  const before = await pidOf(client);
  await other.query('begin');
  const between = await pidOf(other);
  const after = await pidOf(client);
  await other.query('rollback');
  if (before === after && before !== between) return;
  throw lasting(
    'expected a connection with one session, found a pooler such as PgBouncer in transaction mode; connect to the server itself, or use session mode',
  );
}

function lasting(problem: string): StartupError {
  return new StartupError(`${WHERE}: ${problem}`, { temporary: false });
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
