import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '@hermes/service-kit';
import type pg from 'pg';
import { type Connections, hangUp, queryInOrder } from './connection.ts';
import { channelOf } from './news.ts';
import type { JournalTimes, PostgresOptions } from './options.ts';
import { DECLARED_DEAD, problemOf } from './server-error.ts';

/** A gateway that is not gone. */
export interface Member {
  readonly owner: string;
  /** The key of the lock that is its sign of life. */
  readonly life: string;
  readonly takesTurns: boolean;
}

interface MembershipEvents {
  /** The owner is not this gateway any more. */
  lost: [problem: string, owner: string];
  /** The gateway has a new owner. */
  joined: [];
  /** The gateways may have changed. */
  members: [];
  /** The connection was replaced: notifications may be missing. */
  reconnected: [];
  /** The connection broke. */
  broken: [error: unknown];
  notification: [payload: string];
}

const SQL = {
  lock: 'select pg_advisory_lock(lock_key_1($1, $2))',
  unlock: 'select pg_advisory_unlock_all()',
  join: `insert into gateways (owner, name, life, takes_turns) values ($1, $2, lock_key_1('life', $1::uuid::text), $3)`,
  renew: 'update gateways set seen_at = clock_timestamp(), takes_turns = $2 where owner = $1 and gone_at is null',
  members: `select owner, life::text, takes_turns from gateways where gone_at is null order by owner`,
  leave: 'update gateways set gone_at = clock_timestamp(), takes_turns = false where owner = $1',
} as const;

/**
 * This process among the gateways: its owner, whose sign of life is a lock that the server releases when the connection
 * ends. After a broken connection, the owner stays the same if it is back within the hold time, and no other gateway has
 * declared it dead; otherwise it emits `lost`, and continues under a new owner.
 */
export class Membership extends EventEmitter<MembershipEvents> {
  readonly #options: PostgresOptions;
  readonly #times: JournalTimes;
  readonly #connections: Connections;
  #client: pg.Client | undefined;
  #owner: string | undefined;
  #members: readonly Member[] = [];
  #takesTurns = false;
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hold: NodeJS.Timeout | undefined;
  #steadySince = performance.now();
  #lastRenewal = performance.now();
  #brokenAt = Number.NEGATIVE_INFINITY;
  #connecting: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: PostgresOptions, times: JournalTimes, connections: Connections) {
    super();
    this.#options = options;
    this.#times = times;
    this.#connections = connections;
  }

  /** Joins the gateways, unless it has. @throws the error of the server. */
  async open(): Promise<void> {
    if (this.#timer !== undefined) return;
    await this.#connect();
    this.#timer = setTimeout(() => void this.#renewRegularly(), this.#times.renewMs).unref();
  }

  /** The owner of the turns of this gateway; `undefined` while it has none. */
  get owner(): string | undefined {
    return this.#owner;
  }

  /** Why the gateway has no sign of life now. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The gateways that are not gone, also this one, by owner. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** For how long, in ms, all renewals have been in time. */
  get steadyMs(): number {
    return performance.now() - this.#steadySince;
  }

  /** For how long, in ms, no connection has broken; `Infinity` if none ever has. */
  get unbrokenMs(): number {
    return performance.now() - this.#brokenAt;
  }

  /** Stores whether this gateway takes turns. */
  async takeTurns(doesTake: boolean): Promise<void> {
    this.#takesTurns = doesTake;
    if (this.#client) await this.#renew(this.#client);
  }

  /** Reads the gateways again. */
  async refresh(): Promise<void> {
    if (this.#client) await this.#readMembers(this.#client);
  }

  /** Gives an owner up that cannot write any more, and joins again. */
  abandon(owner: string, problem: string): void {
    if (owner !== this.#owner) return;
    this.#problem = `this gateway joins the others again: ${problem}`;
    this.#lose(problem);
    this.#disconnect();
    this.#reconnect();
  }

  /** Leaves the gateways. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#hold);
    await this.#connecting;
    const client = this.#client;
    if (client && this.#owner) await queryInOrder(client, SQL.leave, [this.#owner]).catch(() => undefined);
    this.#disconnect();
  }

  async #connect(): Promise<void> {
    const client = await this.#connections.open();
    try {
      await queryInOrder(client, `listen ${channelOf(this.#options.schema)}`);
      if (!(await this.#resume(client))) await this.#join(client);
      await this.#readMembers(client);
    } catch (error) {
      hangUp(client);
      throw error;
    }
    client.on('notification', ({ payload = '' }) => this.emit('notification', payload));
    client.on('end', () => this.#broke(client, new Error('the connection was closed')));
    client.on('error', (error) => this.#broke(client, error));
    this.#client = client;
    this.#problem = undefined;
    clearTimeout(this.#hold);
    this.#hold = undefined;
  }

  /** @returns whether the owner is still the same. */
  async #resume(client: pg.Client): Promise<boolean> {
    const owner = this.#owner;
    if (owner === undefined) return false;
    await queryInOrder(client, SQL.lock, ['life', owner]);
    const { rowCount } = await queryInOrder(client, SQL.renew, [owner, this.#takesTurns]);
    if (rowCount === 1 && owner === this.#owner) return true;
    await queryInOrder(client, SQL.unlock);
    this.#lose(DECLARED_DEAD);
    return false;
  }

  async #join(client: pg.Client): Promise<void> {
    const owner = crypto.randomUUID();
    await queryInOrder(client, SQL.lock, ['life', owner]);
    await queryInOrder(client, SQL.join, [owner, this.#options.name, this.#takesTurns]);
    this.#owner = owner;
  }

  async #readMembers(client: pg.Client): Promise<void> {
    const { rows } = await queryInOrder(client, SQL.members);
    this.#members = rows.map(({ owner, life, takes_turns: takesTurns }) => ({ owner, life, takesTurns }));
    this.emit('members');
  }

  async #renewRegularly(): Promise<void> {
    const client = this.#client;
    if (client) await this.#renew(client).catch((error) => this.#broke(client, error));
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#renewRegularly(), this.#times.renewMs).unref();
  }

  async #renew(client: pg.Client): Promise<void> {
    const owner = this.#owner;
    if (owner === undefined) return;
    const { rowCount } = await queryInOrder(client, SQL.renew, [owner, this.#takesTurns]);
    if (rowCount === 0) return this.abandon(owner, DECLARED_DEAD);
    const now = performance.now();
    if (now - this.#lastRenewal > 2 * this.#times.renewMs) this.#steadySince = now;
    this.#lastRenewal = now;
    await this.#readMembers(client);
  }

  #broke(client: pg.Client, error: unknown): void {
    if (client !== this.#client || this.#isClosed) return;
    this.#disconnect();
    this.#problem = problemOf(error);
    this.#brokenAt = performance.now();
    this.#steadySince = this.#brokenAt;
    const owner = this.#owner;
    this.#hold ??= setTimeout(() => {
      if (owner === this.#owner) this.#lose('the connection to the journal is broken');
    }, this.#times.holdMs).unref();
    this.emit('broken', error);
    this.#reconnect();
  }

  #disconnect(): void {
    const client = this.#client;
    this.#client = undefined;
    hangUp(client);
  }

  #lose(problem: string): void {
    const owner = this.#owner;
    if (owner === undefined) return;
    this.#owner = undefined;
    this.emit('lost', problem, owner);
  }

  #reconnect(): void {
    this.#connecting ??= this.#connectAgain().finally(() => {
      this.#connecting = undefined;
    });
  }

  async #connectAgain(): Promise<void> {
    for (let failures = 0; !this.#isClosed; failures += 1) {
      const before = this.#owner;
      try {
        await this.#connect();
        this.emit('reconnected');
        if (this.#owner !== before) this.emit('joined');
        return;
      } catch (error) {
        this.#problem = problemOf(error);
        await pause(backoffMs(failures, this.#times), undefined, { ref: false });
      }
    }
  }
}
