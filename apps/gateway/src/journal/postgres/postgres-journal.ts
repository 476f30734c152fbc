import { EventEmitter } from 'node:events';
import { type Logger, StartupError } from '@hermes/service-kit';
import type pg from 'pg';
import type { Delivery, PendingDelivery } from '../delivery-store.ts';
import type { Announcement, SessionEvent } from '../event-store.ts';
import type { Journal } from '../journal.ts';
import type { PrunableTable, PruneResult, PruneStep } from '../pruning.ts';
import type {
  AgentProcess,
  CutOffTurn,
  ListedTurn,
  OpenStatus,
  TurnEnd,
  TurnQuery,
  TurnRecord,
  UnfinishedTurn,
} from '../turn-store.ts';
import { connect, type DatabaseOptions, drop, readers } from './connections.ts';
import { isOfDatabase, startupError } from './failure.ts';
import { PostgresFleet } from './fleet.ts';
import { Membership } from './membership.ts';
import { MIGRATIONS } from './migrations.ts';
import { News } from './news.ts';
import { prune } from './prune.ts';
import {
  cutOffFromRow,
  type DeliveryRow,
  deliveryFields,
  type EventRow,
  eventFromRow,
  TURN_SELECTION,
  type TurnRow,
  turnFromRow,
  UNFINISHED_SELECTION,
  type UnfinishedRow,
  unfinishedFromRow,
} from './rows.ts';
import { migrate, schemaVersion } from './schema-version.ts';
import { fromStored, toStored } from './stored-text.ts';
import { FLEET_TIMES, type FleetTimes } from './times.ts';
import { pageOfTurns } from './turn-history.ts';
import { acceptWrite, announcementWrite, endWrite, type Write } from './write.ts';
import { Writer } from './writer.ts';

/** 13.0, as the server gives it. */
const OLDEST_SERVER = 130_000;

const DELIVERY_SELECTION = 'seq, channel, session, at, attempts, next_at, expires_at';

export interface PostgresJournalOptions extends DatabaseOptions {
  readonly log: Logger;
  readonly times?: Partial<FleetTimes> | undefined;
}

/**
 * The journal in a schema of a PostgreSQL database, which several gateways share. Emits `failure` with every error of the
 * database, before the call rejects. A write whose answer was lost with the connection rejects, though it may be stored.
 */
export class PostgresJournal extends EventEmitter<{ failure: [unknown] }> implements Journal {
  readonly fleet: PostgresFleet;
  readonly #options: PostgresJournalOptions;
  readonly #membership: Membership;
  readonly #news: News;
  readonly #writer: Writer;
  #readers: pg.Pool | undefined;
  #connection: Promise<pg.Client> | undefined;

  constructor(options: PostgresJournalOptions) {
    super();
    const { log } = options;
    const times = { ...FLEET_TIMES, ...options.times };
    const separated = () => this.emit('failure', new Error('the connection to the database is lost'));
    const query = <Row extends object>(text: string, values: readonly unknown[]) => this.#query<Row>(text, values);
    this.#options = options;
    this.#membership = new Membership({ database: options, query, times, log });
    this.#membership.on('separated', separated);
    this.#news = new News(
      () => this.#membership.owner,
      (payloads) => this.#notify(payloads),
    );
    this.#writer = new Writer(
      (writes) => this.#apply(writes),
      (write, value) => this.#stored(write, value),
    );
    const write = (one: Write) => this.#write(one);
    this.fleet = new PostgresFleet({ membership: this.#membership, news: this.#news, query, write });
  }

  /**
   * Connects, brings the schema to the version of this release, and joins the other gateways.
   * @throws StartupError. After a temporary failure, the call can be repeated.
   */
  async open(): Promise<void> {
    try {
      const client = await connect(this.#options);
      this.#connection = Promise.resolve(client);
      await requireServer(client);
      if ((await schemaVersion(client)) !== MIGRATIONS.length) await migrate(client, this.#options.schema);
      this.#readers = readers(this.#options);
      await this.#membership.join();
      this.fleet.emit('resync');
    } catch (error) {
      await this.#disconnect();
      throw startupError(error);
    }
  }

  /** Why this gateway is apart from the others; `undefined` if it is not. */
  get separation(): string | undefined {
    return this.#membership.problem;
  }

  get commits(): number {
    return this.#writer.commits;
  }

  async identity(): Promise<string> {
    const [row] = await this.#query<{ id: string }>('SELECT id FROM identity', []);
    return row?.id ?? '';
  }

  async accept(turn: TurnRecord): Promise<OpenStatus> {
    return (await this.#write(acceptWrite(turn))) as OpenStatus;
  }

  async start(id: string, at: number): Promise<string> {
    return fromStored((await this.#write({ op: 'start', id, at })) as string);
  }

  async recordAgentProcess(id: string, { group, startTime, epoch }: AgentProcess): Promise<void> {
    await this.#write({ op: 'process', id, group, startTime, epoch });
  }

  async end(id: string, end: TurnEnd, announcement: Announcement): Promise<number> {
    const { event } = (await this.#write(endWrite(id, end, announcement, null))) as { event: number };
    return event;
  }

  async find(id: string): Promise<TurnRecord | undefined> {
    const [row] = await this.#query<TurnRow>(`SELECT ${TURN_SELECTION} FROM turns WHERE id = $1`, [id]);
    return row && turnFromRow(row);
  }

  async findMessage(session: string, messageId: string): Promise<TurnRecord | undefined> {
    const sql = `SELECT ${TURN_SELECTION} FROM turns WHERE session = $1 AND message_id = $2`;
    const [row] = await this.#query<TurnRow>(sql, [toStored(session), toStored(messageId)]);
    return row && turnFromRow(row);
  }

  async cutOffTurns(): Promise<CutOffTurn[]> {
    const sql = `SELECT id, agent_group, agent_start_time, agent_epoch FROM turns
      WHERE status = 'running' AND owner = $1 ORDER BY seq`;
    return (await this.#query<TurnRow>(sql, [this.#membership.owner])).map(cutOffFromRow);
  }

  async unfinished(after: number, limit: number): Promise<UnfinishedTurn[]> {
    const sql = `SELECT ${UNFINISHED_SELECTION} FROM turns
      WHERE ended_at IS NULL AND (owner = $1 OR owner IS NULL) AND seq > $2 ORDER BY seq LIMIT $3`;
    return (await this.#query<UnfinishedRow>(sql, [this.#membership.owner, after, limit])).map(unfinishedFromRow);
  }

  async turns(query: TurnQuery): Promise<ListedTurn[]> {
    return pageOfTurns((text, values) => this.#query(text, values), query);
  }

  async tell(announcement: Announcement): Promise<number> {
    return (await this.#write({ op: 'tell', ...announcementWrite(announcement) })) as number;
  }

  async lastEventSeq(session: string): Promise<number> {
    const name = toStored(session);
    const [row] = await this.#query<{ seq: number | null }>('SELECT max(seq) AS seq FROM events WHERE session = $1', [
      name,
    ]);
    if (row && row.seq !== null) return row.seq;
    // Under the lock of the session, no event of it is on its way, so all later ones get later numbers.
    const [last] = await this.#query<{ seq: number }>(
      `SELECT coalesce((SELECT max(seq) FROM events WHERE session = $1),
          (SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM events_seq_seq)) AS seq
        FROM (SELECT pg_advisory_xact_lock_shared(session_key($1))) AS locked`,
      [name],
    );
    return last?.seq ?? 0;
  }

  async eventsAfter(
    session: string,
    seq: number,
    limit: number,
    maxBytes = Number.MAX_SAFE_INTEGER,
  ): Promise<SessionEvent[]> {
    const sql = `SELECT seq, session, type, data, at FROM (
        SELECT *, sum(octet_length(data)) OVER (ORDER BY seq) - octet_length(data) AS before FROM (
          SELECT * FROM events WHERE session = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS page) AS counted
      WHERE before < $4 ORDER BY seq`;
    const rows = await this.#query<EventRow>(sql, [toStored(session), seq, limit, maxBytes]);
    return rows.map(eventFromRow);
  }

  async recordNoticeOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined> {
    const gateway = this.#options.name;
    const write = { op: 'notice', ...announcementWrite(announcement), session: toStored(session), drain, gateway };
    return ((await this.#write(write)) as number | null) ?? undefined;
  }

  async toldDrain(): Promise<string | null> {
    const sql = `SELECT drain FROM drain_notices WHERE back_at IS NULL AND gateway = $1 ORDER BY told_at DESC, ctid DESC LIMIT 1`;
    const [row] = await this.#query<{ drain: string }>(sql, [this.#options.name]);
    return row?.drain ?? null;
  }

  async notifiedSessions(after: string, limit: number): Promise<string[]> {
    const sql = `SELECT DISTINCT session FROM drain_notices
      WHERE back_at IS NULL AND gateway = $1 AND session > $2 ORDER BY session LIMIT $3`;
    const rows = await this.#query<{ session: string }>(sql, [this.#options.name, toStored(after), limit]);
    return rows.map((row) => fromStored(row.session));
  }

  async recordDrainEnd(session: string, announcement: Announcement): Promise<number> {
    const gateway = this.#options.name;
    const write = { op: 'drainEnd', ...announcementWrite(announcement), session: toStored(session), gateway };
    return (await this.#write(write)) as number;
  }

  async deliveries(channel: string): Promise<Delivery[]> {
    const sql = `SELECT ${DELIVERY_SELECTION}, event FROM deliveries WHERE channel = $1 AND dead_at IS NULL ORDER BY seq`;
    const rows = await this.#query<DeliveryRow & { event: string }>(sql, [channel]);
    return rows.map((row) => ({ ...deliveryFields(row), event: JSON.parse(row.event) }));
  }

  async nextDeliveries(channel: string, limit: number): Promise<PendingDelivery[]> {
    const sql = `SELECT ${DELIVERY_SELECTION}, octet_length(event) AS bytes FROM deliveries
      WHERE seq IN (SELECT min(seq) FROM deliveries WHERE channel = $1 AND dead_at IS NULL GROUP BY session)
      ORDER BY next_at, seq LIMIT $2`;
    const rows = await this.#query<DeliveryRow & { bytes: number }>(sql, [channel, limit]);
    return rows.map((row) => ({ ...deliveryFields(row), bytes: row.bytes }));
  }

  async findDelivery(seq: number): Promise<Delivery | undefined> {
    const sql = `SELECT ${DELIVERY_SELECTION}, event FROM deliveries WHERE seq = $1`;
    const [row] = await this.#query<DeliveryRow & { event: string }>(sql, [seq]);
    return row && { ...deliveryFields(row), event: JSON.parse(row.event) };
  }

  async delivered(seq: number): Promise<void> {
    await this.#write({ op: 'delivered', seq });
  }

  async deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void> {
    const deadAt = nextAt === null ? Date.now() : null;
    await this.#write({ op: 'failed', seq, nextAt, deadAt, error: toStored(error) });
  }

  prune(table: PrunableTable, step: PruneStep): Promise<PruneResult> {
    return prune((text, values) => this.#query(text, values), table, step);
  }

  async probe(): Promise<void> {
    await this.#write({ op: 'probe' });
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#membership.close();
    await this.#notify([`{"from":"${this.#membership.owner}","messages":[{"kind":"peers"},{"kind":"waiting"}]}`]).catch(
      () => undefined,
    );
    await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    const [pool, connection] = [this.#readers, this.#connection];
    this.#readers = undefined;
    this.#connection = undefined;
    await this.#membership.close();
    drop(await connection?.catch(() => undefined));
    await pool?.end();
  }

  async #query<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
    if (this.#readers === undefined) throw new Error('the journal is closed');
    try {
      return (await this.#readers.query(text, [...values])).rows as Row[];
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #notify(payloads: readonly string[]): Promise<unknown> {
    if (this.#membership.others === 0) return Promise.resolve();
    const channel = `hermes_${this.#options.schema}`;
    return this.#query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [channel, payloads]);
  }

  async #write(write: Write): Promise<unknown> {
    try {
      return await this.#writer.write(write);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async #apply(writes: readonly Write[]) {
    const client = await this.#connected();
    const { owner, isRegistered, problem } = this.#membership;
    if (!isRegistered) throw new Error(problem ?? 'this gateway joins the others again');
    try {
      const values = [owner, JSON.stringify(writes)];
      const { rows } = await client.query('SELECT apply_1($1, $2::jsonb) AS results', values);
      return rows[0]?.results ?? [];
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'HG001') this.#membership.replaced(owner);
      // Without a code, or in the middle of a statement, the connection is not usable any more.
      if (code === undefined || code.length !== 5) this.#broken(client);
      throw error;
    }
  }

  #connected(): Promise<pg.Client> {
    if (this.#readers === undefined) return Promise.reject(new Error('the journal is closed'));
    if (this.#connection === undefined) {
      const connection = connect(this.#options);
      this.#connection = connection;
      connection.then(
        (client) => client.once('end', () => this.#broken(client)),
        () => {
          if (this.#connection === connection) this.#connection = undefined;
        },
      );
    }
    return this.#connection;
  }

  #broken(client: pg.Client): void {
    this.#connection = undefined;
    drop(client);
  }

  #failed(error: unknown): unknown {
    if (isOfDatabase(error)) this.emit('failure', error);
    return error;
  }

  /** Tells the other gateways what they may want to know of a write. */
  #stored({ op, session, status }: Write, value: unknown): void {
    if (typeof session === 'string') this.#news.session(session);
    const isHandedOver = op === 'accept' && status === 'accepted';
    if (isHandedOver || (op === 'end' && (value as { waiting?: boolean } | null)?.waiting)) this.#news.waiting();
  }
}

async function requireServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query("SELECT current_setting('server_version_num')::integer AS version");
  const version = Number(rows[0]?.version);
  if (version >= OLDEST_SERVER) return;
  throw new StartupError(
    `cannot use the journal in PostgreSQL: expected version 13 or newer, found ${Math.floor(version / 10_000)}`,
  );
}
