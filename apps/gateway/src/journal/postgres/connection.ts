import { StartupError } from '@hermes/service-kit';
import pg from 'pg';
import type { JournalTimes, PostgresOptions } from './options.ts';

/** What a connection is for. */
export interface ConnectionUse {
  /** Whether its statements may wait for locks without a bound. */
  readonly mayWait?: boolean;
}

/** OIDs of bigint; its values are numbers and times, which are safe integers. */
const BIGINT = 20;

const TYPES = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === BIGINT ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** How the clock of the server bounds what it does for us, in ms: more than its own bound, to get its answer. */
const ANSWER_MS = 5_000;

/** Connects to the server in the same way for all connections of a journal. */
export class Connections {
  readonly #options: PostgresOptions;
  readonly #times: JournalTimes;

  constructor(options: PostgresOptions, times: JournalTimes) {
    this.#options = options;
    this.#times = times;
  }

  /** The configuration of a client. @throws StartupError if the URL is invalid. */
  config({ mayWait = false }: ConnectionUse = {}): pg.ClientConfig {
    requireUrl(this.#options.url);
    return {
      connectionString: this.#options.url,
      application_name: `hermes-gateway ${this.#options.name}`.slice(0, 63),
      connectionTimeoutMillis: this.#times.connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      types: TYPES,
      ...(mayWait ? {} : { query_timeout: this.#times.statementMs + ANSWER_MS }),
    };
  }

  /** Opens a connection. The caller closes it with {@link hangUp}. */
  async open(use: ConnectionUse = {}): Promise<pg.Client> {
    const client = new pg.Client(this.config(use));
    // Without a listener, a broken connection would end the process; its queries reject.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await this.prepare(client, use);
      return client;
    } catch (error) {
      hangUp(client);
      throw error;
    }
  }

  /** Sets what statements rely on: by SET, since a pooler may refuse it as a parameter of the connection. */
  async prepare(client: pg.ClientBase, { mayWait = false }: ConnectionUse = {}): Promise<void> {
    const { statementMs, lockMs } = this.#times;
    const settings: Record<string, string> = {
      search_path: `"${this.#options.schema.replaceAll('"', '""')}"`,
      statement_timeout: mayWait ? '0' : `${statementMs}`,
      lock_timeout: mayWait ? '0' : `${lockMs}`,
      idle_in_transaction_session_timeout: `${statementMs}`,
      default_transaction_isolation: 'read committed',
    };
    await client.query(
      `select set_config(key, value, false) from unnest($1::text[], $2::text[]) as s (key, value)
       union all
       select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')`,
      [Object.keys(settings), Object.values(settings)],
    );
  }
}

/** The last query of a connection. */
const LAST = new WeakMap<pg.Client, Promise<unknown>>();

/** Sends a query when the earlier ones of the connection have been answered: the driver gives its own queue up. */
export function queryInOrder(client: pg.Client, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const send = () => client.query(text, values);
  const result = (LAST.get(client) ?? Promise.resolve()).then(send, send);
  LAST.set(client, result);
  return result;
}

/** Closes a connection without waiting, also while it has a query. */
export function hangUp(client: pg.Client | undefined): void {
  client?.end().catch(() => undefined);
}

/** The driver would put the whole URL into its error. */
function requireUrl(url: string): void {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return;
  throw new StartupError(
    'cannot use the journal on PostgreSQL: expected a URL such as postgresql://USER:PASSWORD@HOST:5432/DATABASE, found another text',
    { temporary: false },
  );
}
