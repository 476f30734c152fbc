import pg from 'pg';

/** How gateways reach the database. */
export interface DatabaseOptions {
  /** Contains a password; it is never logged. */
  readonly url: string;
  /** The schema of the tables. */
  readonly schema: string;
  /** What the gateway is called, for people who look at the connections. */
  readonly name: string;
}

/** Bounds in ms. Whatever the server does, a call ends. */
const BOUNDS = { connect: 5_000, statement: 10_000, lock: 5_000, query: 15_000 } as const;

/** At most this many reads at the same time. */
const READERS = 4;

const INT8 = 20;

/** Big integers are numbers: ours stay below 2^53. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : (pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown),
};

export type Bounded = 'bounded' | 'waiting';

/** The settings of a connection. A `waiting` one may wait for a lock for as long as it takes. */
function settingsOf({ url, schema, name }: DatabaseOptions, kind: Bounded): pg.ClientConfig {
  const isBounded = kind === 'bounded';
  const settings = {
    search_path: schema,
    synchronous_commit: 'on',
    statement_timeout: isBounded ? BOUNDS.statement : 0,
    lock_timeout: isBounded ? BOUNDS.lock : 0,
    idle_in_transaction_session_timeout: BOUNDS.statement,
    tcp_keepalives_idle: 5,
    tcp_keepalives_interval: 2,
    tcp_keepalives_count: 3,
    tcp_user_timeout: 10_000,
  };
  return {
    connectionString: url,
    application_name: `hermes-gateway ${name}`.slice(0, 63),
    options: Object.entries(settings)
      .map(([key, value]) => `-c ${key}=${value}`)
      .join(' '),
    connectionTimeoutMillis: BOUNDS.connect,
    ...(isBounded ? { query_timeout: BOUNDS.query } : {}),
    keepAlive: true,
    keepAliveInitialDelayMillis: BOUNDS.connect,
    types: types as pg.CustomTypesConfig,
  };
}

/** A connection. Rejects when there is none within 5 s. */
export async function connect(options: DatabaseOptions, kind: Bounded = 'bounded'): Promise<pg.Client> {
  const client = new pg.Client(settingsOf(options, kind));
  // A connection that breaks while it is idle: the next call on it fails.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Resolves when the connection has ended, for whatever reason. */
export function whenEnded(client: pg.Client): Promise<void> {
  // Not `once`, which rejects at an error.
  return new Promise((resolve) => client.once('end', resolve));
}

/** Ends a connection without waiting for the server. */
export function drop(client: pg.Client | undefined): void {
  client?.end().catch(() => undefined);
  (client as unknown as { connection?: { stream?: { destroy(): void } } } | undefined)?.connection?.stream?.destroy();
}

/** The connections for reading, opened when they are needed. */
export function readers(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({ ...settingsOf(options, 'bounded'), max: READERS, idleTimeoutMillis: 60_000 });
  pool.on('error', () => undefined);
  return pool;
}
