import { Connections, hangUp } from './connection.ts';
import { MIGRATIONS } from './migrations.ts';
import { DEFAULT_TIMES, type PostgresOptions } from './options.ts';
import { schemaVersion } from './schema.ts';
import { startupError } from './server-error.ts';

/** A gateway that is not gone. Times are Unix ms by the clock of the database. */
export interface GatewayStatus {
  readonly name: string;
  readonly owner: string;
  readonly takes_turns: boolean;
  /** Whether its sign of life is there. */
  readonly is_alive: boolean;
  readonly running: number;
  readonly started_at: number;
  readonly seen_at: number;
}

/** The state of a journal on PostgreSQL. */
export interface JournalStatus {
  readonly schema: string;
  /** The version of the schema; `null` if there is none yet. */
  readonly version: number | null;
  /** The newest version that this program knows. */
  readonly known_version: number;
  readonly waiting: number;
  readonly running: number;
  /** Unix ms of the acceptance of the oldest turn that has not ended. */
  readonly oldest_accepted_at: number | null;
  readonly gateways: readonly GatewayStatus[];
}

const SQL = {
  turns: `select count(*) filter (where status = 'accepted') as waiting, count(*) filter (where status = 'running') as running,
    min(accepted_at) as oldest_accepted_at from turns where status in ('accepted', 'running')`,
  gateways: `select name, owner, takes_turns, owner in (select alive_1()) as is_alive,
      (select count(*) from turns where status = 'running' and turns.owner = gateways.owner) as running,
      (extract(epoch from started_at) * 1000)::bigint as started_at, (extract(epoch from seen_at) * 1000)::bigint as seen_at
    from gateways where gone_at is null order by name, started_at`,
} as const;

/** Reads the state of a journal, and changes nothing. @throws StartupError */
export async function journalStatus(options: PostgresOptions): Promise<JournalStatus> {
  const client = await new Connections(options, DEFAULT_TIMES).open().catch((error) => {
    throw startupError(error);
  });
  const { schema } = options;
  const known = { schema, known_version: MIGRATIONS.length };
  try {
    const version = await schemaVersion(client, schema);
    if (version === undefined) {
      return { ...known, version: null, waiting: 0, running: 0, oldest_accepted_at: null, gateways: [] };
    }
    const [turns] = (await client.query(SQL.turns)).rows;
    const { rows: gateways } = await client.query(SQL.gateways);
    return { ...known, version, ...turns, gateways };
  } catch (error) {
    throw startupError(error);
  } finally {
    hangUp(client);
  }
}
