import type { Logger } from '@hermes/service-kit';

/** Times of a {@link PostgresJournal}, in ms. */
export interface JournalTimes {
  /** Bound on connecting to the server. */
  readonly connectMs: number;
  /** Bound on a statement. */
  readonly statementMs: number;
  /** Bound on the wait for a lock. */
  readonly lockMs: number;
  /** How often a gateway renews its sign of life. */
  readonly renewMs: number;
  /** A gateway that has not renewed its sign of life for this long is frozen: others take its turns. */
  readonly silentMs: number;
  /**
   * After a restart of the server, a broken connection of the gateway itself, or when most of several gateways vanish
   * together, turns are taken over after this.
   */
  readonly graceMs: number;
  /** A gateway whose connection broke may come back within this time. */
  readonly confirmMs: number;
  /** How often a gateway looks for running turns of gateways that are gone. */
  readonly sweepMs: number;
  /** How long a gateway without a connection still counts its running turns as its own. */
  readonly holdMs: number;
  /** Waits between attempts to connect: after the first failure, and at most. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
}

export const DEFAULT_TIMES: JournalTimes = {
  connectMs: 5_000,
  statementMs: 10_000,
  lockMs: 5_000,
  renewMs: 3_000,
  silentMs: 15_000,
  graceMs: 10_000,
  confirmMs: 100,
  sweepMs: 2_000,
  holdMs: 5_000,
  firstRetryMs: 100,
  lastRetryMs: 2_000,
};

/** Where a journal is, and which gateway uses it. */
export interface PostgresOptions {
  /** A connection URL, which may contain a password: it is never printed. */
  readonly url: string;
  /** The schema of the database. */
  readonly schema: string;
  /** The stable name of this gateway. Notices of a drain are of the gateway with their name. */
  readonly name: string;
  readonly log?: Logger | undefined;
  readonly times?: Partial<JournalTimes> | undefined;
}
