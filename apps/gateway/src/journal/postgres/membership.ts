import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs, type Logger } from '@hermes/service-kit';
import type pg from 'pg';
import type { Peer } from '../fleet.ts';
import type { UnfinishedTurn } from '../turn-store.ts';
import { connect, type DatabaseOptions, drop, whenEnded } from './connections.ts';
import { PeerWatch, type Watched } from './peer-watch.ts';
import { type TurnRow, unfinishedFromRow } from './rows.ts';
import type { FleetTimes } from './times.ts';

export interface MembershipParts {
  readonly database: DatabaseOptions;
  /** Runs a short query on another connection. */
  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  readonly times: FleetTimes;
  readonly log: Logger;
}

export interface MembershipEvents {
  notification: [payload: string];
  /** The connection is lost. */
  separated: [];
  /** The connection is there again; notifications may have been missed. */
  rejoined: [];
  lost: [problem: string, waitFor: (ending: Promise<unknown>) => void];
  adopted: [turns: readonly UnfinishedTurn[]];
}

interface PeerRow {
  readonly owner: string;
  readonly name: string;
  readonly life_key: string;
  readonly life_pid: number;
  readonly takes_turns: boolean;
  readonly running: number;
  readonly started_at: number;
  readonly seen_at: number;
  /** Ms since its last sign of life. */
  readonly silent: number;
}

const PEERS = `SELECT g.owner, g.name, g.life_key::text, g.life_pid, g.takes_turns,
    (SELECT count(*)::integer FROM turns t WHERE t.owner = g.owner AND t.status = 'running') AS running,
    extract(epoch FROM g.started_at)::float8 * 1000 AS started_at, extract(epoch FROM g.seen_at)::float8 * 1000 AS seen_at,
    extract(epoch FROM clock_timestamp() - g.seen_at)::float8 * 1000 AS silent
  FROM gateways g WHERE g.gone_at IS NULL ORDER BY g.owner`;

/**
 * The membership of this process in the fleet: its sign of life, which is a lock on a connection, its knowledge of the
 * others, and the turns that it takes over from those that are gone.
 */
export class Membership extends EventEmitter<MembershipEvents> {
  readonly #parts: MembershipParts;
  readonly #watch: PeerWatch;
  #owner = randomUUID() as string;
  /** Whether the others know the owner, and it has not been given up. */
  #isRegistered = false;
  /** Owners that this process has given up, whose turns nobody may have taken over yet. */
  readonly #former = new Set<string>();
  #life: pg.Client | undefined;
  #problem: string | undefined;
  #peers: readonly PeerRow[] = [];
  #takesTurns = false;
  #timers: NodeJS.Timeout[] = [];
  #isClosed = false;
  /** Monotonic time since which all renewals have succeeded in time. */
  #steadySince = 0;
  #lastRenewal = 0;
  /** What must have ended before the turns of a former owner start again. */
  readonly #endings = new Set<Promise<unknown>>();
  /** Gateways that may have ended, and are looked at. */
  readonly #suspects = new Set<string>();

  constructor(parts: MembershipParts) {
    super();
    this.#parts = parts;
    this.#watch = new PeerWatch({ database: parts.database, onFree: (peer) => void this.#suspect(peer) });
  }

  get owner(): string {
    return this.#owner;
  }

  /** Why this gateway cannot reach the others; `undefined` if it can. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Other gateways. */
  get others(): number {
    return this.#others.length;
  }

  /** Other gateways that take turns. */
  get takers(): number {
    return this.#others.filter(({ takes_turns }) => takes_turns).length;
  }

  get #others(): readonly PeerRow[] {
    return this.#peers.filter(({ owner }) => owner !== this.#owner);
  }

  /** Joins, and takes over the turns of gateways that are gone. @throws the error of the database. */
  async join(): Promise<void> {
    this.#life = await this.#connectLife();
    await this.#register(this.#life);
    await this.refresh();
    await this.#adoptAtStart();
    const { renewal, sweep } = this.#parts.times;
    const every = (ms: number, step: () => Promise<unknown>) => {
      const timer = setInterval(() => void step().catch(() => undefined), ms).unref();
      this.#timers.push(timer);
    };
    every(renewal, () => this.#renew());
    every(sweep, () => this.#sweep());
  }

  async takeTurns(doesTake: boolean): Promise<void> {
    this.#takesTurns = doesTake;
    await this.#parts.query('UPDATE gateways SET takes_turns = $2 WHERE owner = $1', [this.#owner, doesTake]);
  }

  /** All gateways, the oldest first. */
  async peers(): Promise<Peer[]> {
    await this.refresh();
    return this.#peers
      .map((row) => ({
        owner: row.owner,
        name: row.name,
        isThisOne: row.owner === this.#owner,
        takesTurns: row.takes_turns,
        running: row.running,
        startedAt: row.started_at,
        seenAt: row.seen_at,
      }))
      .toSorted((one, other) => one.startedAt - other.startedAt);
  }

  /** Reads which gateways there are. */
  async refresh(): Promise<void> {
    this.#peers = await this.#parts.query<PeerRow>(PEERS, []);
    this.#watch.watch(this.#next());
  }

  async tryLease(name: string): Promise<boolean> {
    const life = this.#requireLife();
    const { rows } = await life.query('SELECT pg_try_advisory_lock(hashtextextended($1, 2)) AS held', [
      `${this.#parts.database.schema}/${name}`,
    ]);
    return rows[0]?.held === true;
  }

  async releaseLease(name: string): Promise<void> {
    await this.#requireLife().query('SELECT pg_advisory_unlock(hashtextextended($1, 2))', [
      `${this.#parts.database.schema}/${name}`,
    ]);
  }

  /** Whether writes of {@link owner} are accepted. */
  get isRegistered(): boolean {
    return this.#isRegistered;
  }

  /** The database has refused this owner: another gateway has taken over from it. */
  replaced(owner: string): void {
    if (owner !== this.#owner || !this.#isRegistered) return;
    this.#lose('another gateway has taken over the turns of this one, which did not answer');
    drop(this.#life);
  }

  /** Leaves for good. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#watch.watch(undefined);
    const sql = 'UPDATE gateways SET gone_at = clock_timestamp(), takes_turns = false WHERE owner = $1';
    if (this.#life) await this.#parts.query(sql, [this.#owner]).catch(() => undefined);
    drop(this.#life);
    this.#life = undefined;
  }

  /** The gateway that this one watches: the next in the order of the owners. */
  #next(): Watched | undefined {
    const others = this.#others;
    const next = others.find(({ owner }) => owner > this.#owner) ?? others[0];
    return next && { owner: next.owner, lifeKey: next.life_key };
  }

  #requireLife(): pg.Client {
    if (this.#life === undefined) throw new Error(this.#problem ?? 'the journal is closed');
    return this.#life;
  }

  async #connectLife(): Promise<pg.Client> {
    const life = await connect(this.#parts.database);
    life.on('notification', ({ payload }) => this.emit('notification', payload ?? ''));
    void whenEnded(life).then(() => this.#lifeEnded(life));
    await life.query(`LISTEN hermes_${this.#parts.database.schema}`);
    return life;
  }

  /** Registers under a new owner. */
  async #register(life: pg.Client): Promise<void> {
    const owner = randomUUID();
    await life.query('SELECT pg_advisory_lock($1)', [keyOf(owner)]);
    await life.query(
      'INSERT INTO gateways (owner, name, life_key, life_pid, takes_turns) VALUES ($1, $2, $3, pg_backend_pid(), $4)',
      [owner, this.#parts.database.name, keyOf(owner), this.#takesTurns],
    );
    this.#owner = owner;
    this.#isRegistered = true;
    this.#lastRenewal = performance.now();
    this.#steadySince = this.#lastRenewal;
  }

  #lifeEnded(life: pg.Client): void {
    if (this.#isClosed || life !== this.#life) return;
    this.#life = undefined;
    this.#problem = 'the connection to the database is lost';
    this.emit('separated');
    void this.#reconnect();
  }

  /** Tries until it is connected. Never rejects. */
  async #reconnect(): Promise<void> {
    const { hold, firstRetry, lastRetry } = this.#parts.times;
    // It must not wait for a try to end: the others take over after that time.
    const holding = setTimeout(
      () => this.#lose('the database cannot be reached: other gateways take over its turns'),
      hold,
    );
    for (let attempt = 0; !this.#isClosed && this.#life === undefined; attempt++) {
      let life: pg.Client | undefined;
      try {
        life = await this.#connectLife();
        await this.#rejoin(life);
      } catch (error) {
        drop(life);
        this.#problem = `the database cannot be reached: ${(error as Error).message}`;
        await delay(backoffMs(attempt, { firstRetryMs: firstRetry, lastRetryMs: lastRetry }));
      }
    }
    clearTimeout(holding);
  }

  /** Joins the others again on a new connection: under the same owner if nobody has taken over from it. */
  async #rejoin(life: pg.Client): Promise<void> {
    const { log } = this.#parts;
    const before = this.#owner;
    if (this.#isRegistered && !(await this.#resume(life))) this.#lose('another gateway has taken over its turns');
    if (!this.#isRegistered) await this.#register(life);
    if (this.#isClosed) return drop(life);
    this.#life = life;
    this.#problem = undefined;
    log.info({ owner: this.#owner, same_owner: this.#owner === before }, 'the database is connected again');
    this.refresh().catch(() => undefined);
    this.emit('rejoined');
    void this.#takeBack();
  }

  /** Takes over from the owners that this process has given up, when their agents have ended. Never rejects. */
  async #takeBack(): Promise<void> {
    const endings = [...this.#endings];
    this.#endings.clear();
    await Promise.all(endings);
    for (const owner of this.#former) {
      await this.#takeOver(owner).then(
        () => this.#former.delete(owner),
        // The sweep finds its turns later.
        () => undefined,
      );
    }
  }

  /** Comes back under the same owner. @returns false if another gateway has taken over. */
  async #resume(life: pg.Client): Promise<boolean> {
    // The server may still have the old connection, which holds the lock.
    await life.query(
      `SELECT pg_terminate_backend(g.life_pid) FROM gateways g JOIN pg_stat_activity a ON a.pid = g.life_pid
        WHERE g.owner = $1 AND a.application_name LIKE 'hermes-gateway%' AND a.pid <> pg_backend_pid()`,
      [this.#owner],
    );
    await life.query('SELECT pg_advisory_lock($1)', [keyOf(this.#owner)]);
    const { rowCount } = await life.query(
      'UPDATE gateways SET life_pid = pg_backend_pid(), seen_at = clock_timestamp() WHERE owner = $1 AND gone_at IS NULL',
      [this.#owner],
    );
    return rowCount === 1;
  }

  /** The turns of this owner belong to others now, or will. */
  #lose(problem: string): void {
    if (!this.#isRegistered) return;
    this.#isRegistered = false;
    this.#former.add(this.#owner);
    this.#parts.log.error({ owner: this.#owner, problem }, 'this gateway gives up its running turns');
    this.emit('lost', problem, (ending) => this.#endings.add(ending));
  }

  /** Renews the sign of life. */
  async #renew(): Promise<void> {
    const { renewal, frozen } = this.#parts.times;
    const life = this.#life;
    if (life === undefined) return;
    try {
      const sql = 'UPDATE gateways SET seen_at = clock_timestamp() WHERE owner = $1 AND gone_at IS NULL';
      const owner = this.#owner;
      const { rowCount } = await life.query(sql, [owner]);
      if (rowCount === 0) return this.replaced(owner);
      const now = performance.now();
      if (now - this.#lastRenewal > renewal * 2 + 1_000) this.#steadySince = now;
      this.#lastRenewal = now;
    } catch {
      // A connection that does not answer is replaced.
      this.#steadySince = performance.now();
      return drop(life);
    }
    await this.refresh();
    if (performance.now() - this.#steadySince < frozen) return;
    for (const peer of this.#others) if (peer.silent > frozen) await this.#evict(peer);
  }

  /** A gateway that has given no sign of life for long, though its connection is there: it is frozen. */
  async #evict(peer: PeerRow): Promise<void> {
    this.#parts.log.warn(
      { gateway: peer.name, silent_ms: Math.round(peer.silent) },
      'a gateway is frozen: taking over',
    );
    await this.#takeOver(peer.owner);
    await this.#parts.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = $1 AND application_name LIKE 'hermes-gateway%'`,
      [peer.life_pid],
    );
  }

  /** Its lock is free: takes over unless it comes back. Never rejects. */
  async #suspect(peer: Watched): Promise<void> {
    if (this.#suspects.has(peer.owner) || this.#isClosed) return;
    this.#suspects.add(peer.owner);
    try {
      await delay(this.#parts.times.settle);
      const free = await this.#freeLocks();
      const others = this.#others.length;
      const isMass = others >= 2 && free.length * 2 > others;
      const wait = Math.max(await this.#graceLeft(), isMass ? this.#parts.times.grace : 0);
      if (wait > 0) await delay(wait);
      const isGone = wait > 0 ? (await this.#freeLocks()).includes(peer.owner) : free.includes(peer.owner);
      if (isGone && !this.#isClosed && this.#life) await this.#takeOver(peer.owner);
      await this.refresh();
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'another gateway could not be looked at; trying again');
    } finally {
      this.#suspects.delete(peer.owner);
    }
  }

  /** Other gateways without a sign of life. */
  async #freeLocks(): Promise<string[]> {
    const rows = await this.#parts.query<{ owner: string }>(
      'SELECT owner FROM gateways WHERE gone_at IS NULL AND owner <> $1 AND pg_try_advisory_xact_lock_shared(life_key)',
      [this.#owner],
    );
    return rows.map(({ owner }) => owner);
  }

  /** Ms for which nobody takes over, because the database was restarted. */
  async #graceLeft(): Promise<number> {
    const rows = await this.#parts.query<{ up: number }>(
      'SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8 * 1000 AS up',
      [],
    );
    return Math.max(0, this.#parts.times.grace - (rows[0]?.up ?? 0));
  }

  async #takeOver(owner: string): Promise<void> {
    const turns = await this.#adopt(owner);
    this.#parts.log.info({ gone: owner, turns: turns.length }, 'took over from a gateway that is gone');
    this.emit('adopted', turns);
  }

  async #adopt(owner: string): Promise<UnfinishedTurn[]> {
    const sql =
      'SELECT seq, id, session, message_id, kind, fingerprint, status, attempts, accepted_at, started_at, octet_length(text) AS bytes FROM take_over_1($1, $2)';
    const rows = await this.#parts.query<TurnRow & { bytes: number }>(sql, [this.#owner, owner]);
    return rows.map(unfinishedFromRow);
  }

  /** Takes over from all that are gone, before anybody listens: the turns are among the unfinished ones. */
  async #adoptAtStart(): Promise<void> {
    if ((await this.#graceLeft()) > 0) return;
    for (const owner of [...(await this.#freeLocks()), ...(await this.#ownersGone())]) await this.#adopt(owner);
    await this.refresh();
  }

  /** Finds what a message or the watch has missed. */
  async #sweep(): Promise<void> {
    if (this.#life === undefined) return;
    for (const owner of await this.#ownersGone()) await this.#takeOver(owner);
    for (const owner of await this.#freeLocks()) void this.#suspect({ owner, lifeKey: '' });
    await this.#parts.query("DELETE FROM gateways WHERE gone_at < clock_timestamp() - interval '1 day'", []);
  }

  /** Owners of running turns that have left or are not known. */
  async #ownersGone(): Promise<string[]> {
    const rows = await this.#parts.query<{ owner: string }>(
      `SELECT DISTINCT t.owner FROM turns t LEFT JOIN gateways g USING (owner)
        WHERE t.status = 'running' AND (g.owner IS NULL OR g.gone_at IS NOT NULL)`,
      [],
    );
    return rows.map(({ owner }) => owner);
  }
}

/** The key of the lock of an owner: its first 63 bits. */
function keyOf(owner: string): string {
  return (BigInt(`0x${owner.replaceAll('-', '').slice(0, 16)}`) & 0x7fff_ffff_ffff_ffffn).toString();
}
