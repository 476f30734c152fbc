import { setTimeout as pause } from 'node:timers/promises';
import type { UnfinishedTurn } from '../turn-store.ts';
import type { JournalTimes } from './options.ts';
import type { Reads } from './reads.ts';
import { unfinishedFromRow } from './rows.ts';

const SQL = {
  dead: 'select dead_1($1, make_interval(secs => $2), make_interval(secs => $3)) as owner',
  takeOver: 'select take_over_1($1, $2) as turns',
  silent: `select owner from gateways where gone_at is null and owner <> $1
    and seen_at < clock_timestamp() - make_interval(secs => $2)
    and exists (select from gateways where owner = $1 and seen_at > clock_timestamp() - make_interval(secs => $3))`,
  evict: 'select evict_1($1, make_interval(secs => $2))',
  forget: `delete from gateways where gone_at < clock_timestamp() - interval '1 day'
    and not exists (select from turns where status = 'running' and turns.owner = gateways.owner)`,
} as const;

export interface TakeoverParts {
  readonly reads: Reads;
  readonly times: JournalTimes;
  /** This gateway; `undefined` while it has no sign of life. */
  owner(): string | undefined;
  /** For how long, in ms, this gateway has renewed its own sign of life in time. */
  steadyMs(): number;
  /** For how long, in ms, its connection has not broken. */
  unbrokenMs(): number;
  onAdopted(turns: readonly UnfinishedTurn[]): void;
  /** A gateway is gone. */
  onGone(): void;
}

/** Takes the running turns of dead gateways over. */
export class Takeover {
  readonly #parts: TakeoverParts;
  /** Gateways that were silent at an earlier look, and the time of the first. */
  readonly #silent = new Map<string, number>();
  /** Owners that this gateway has given up. */
  readonly #former = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: TakeoverParts) {
    this.#parts = parts;
  }

  /**
   * Takes the turns of an owner that this gateway has given up over again, without the grace period: when it has joined
   * again, and nothing works on them here.
   */
  takeBack(owner: string, aborted: Promise<unknown>): void {
    void aborted.then(() => {
      this.#former.add(owner);
      return this.look();
    });
  }

  /** Looks for dead gateways regularly. */
  start(): void {
    // Gateways that start together must not look at the same time.
    const waitMs = this.#parts.times.sweepMs * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(async () => {
      await this.look();
      if (!this.#isClosed) this.start();
    }, waitMs).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Takes over what it finds now. Never rejects: the next look finds the same. */
  look(): Promise<void> {
    this.#looking ??= this.#lookOnce()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    await this.#takeFormer();
    await this.adopt();
    await this.#evictFrozen();
    await this.#parts.reads.query(SQL.forget);
  }

  /** @throws the error of the server. */
  async adopt(): Promise<void> {
    const suspects = await this.#dead();
    if (suspects.size === 0) return;
    // A gateway whose connection broke may come back.
    await pause(this.#parts.times.confirmMs, undefined, { ref: false });
    for (const dead of await this.#dead()) if (suspects.has(dead)) await this.#takeOver(dead);
  }

  async #takeFormer(): Promise<void> {
    if (this.#parts.owner() === undefined) return;
    for (const owner of this.#former) {
      await this.#takeOver(owner);
      this.#former.delete(owner);
    }
  }

  async #dead(): Promise<Set<string>> {
    const owner = this.#parts.owner();
    if (owner === undefined || this.#isClosed) return new Set();
    const { reads, times, unbrokenMs } = this.#parts;
    const unbroken = Math.min(unbrokenMs(), times.graceMs);
    const rows = await reads.query(SQL.dead, [owner, times.graceMs / 1_000, unbroken / 1_000]);
    return new Set(rows.map((row) => row.owner as string));
  }

  async #takeOver(dead: string): Promise<void> {
    const [row] = await this.#parts.reads.query(SQL.takeOver, [this.#parts.owner(), dead]);
    const turns = row?.turns as Record<string, unknown>[] | null;
    if (turns === null) return;
    if (turns.length > 0) this.#parts.onAdopted(turns.map(unfinishedFromRow));
    this.#parts.onGone();
  }

  /** A frozen process keeps its connection. Two looks must find it silent, since the clock of the server may jump. */
  async #evictFrozen(): Promise<void> {
    const { reads, times, owner, steadyMs } = this.#parts;
    const { silentMs, renewMs } = times;
    if (steadyMs() < silentMs) return this.#silent.clear();
    const rows = await reads.query(SQL.silent, [owner(), silentMs / 1_000, (2 * renewMs) / 1_000]);
    const silent = new Set(rows.map((row) => row.owner as string));
    for (const known of this.#silent.keys()) if (!silent.has(known)) this.#silent.delete(known);
    const now = performance.now();
    for (const found of silent) if (!this.#silent.has(found)) this.#silent.set(found, now);
    const frozen = [...this.#silent].filter(([, since]) => now - since >= renewMs).map(([found]) => found);
    if (frozen.length === 0) return;
    await reads.query(SQL.evict, [frozen, silentMs / 1_000]);
    await this.adopt();
  }
}
