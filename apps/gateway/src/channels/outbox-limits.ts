import type { Backoff } from '@hermes/service-kit';

/** Bounds of one try, and of all of them; in ms where they are times. */
export interface OutboxLimits extends Backoff {
  readonly atOnce: number;
  /** Of what is sent at once, as the journal keeps it: in memory it takes several times as much. One may be larger. */
  readonly atOnceBytes: number;
  readonly tryMs: number;
  readonly tries: number;
  /** The longest wait that the other side may ask for. */
  readonly longestWaitMs: number;
  /** What tries that are broken off get to say so. */
  readonly closeGraceMs: number;
}

/** Goes on for about a day: an outage of the other side for an hour loses nothing. */
export const OUTBOX_LIMITS: OutboxLimits = {
  atOnce: 16,
  atOnceBytes: 16 * 1_048_576,
  tryMs: 30_000,
  tries: 300,
  firstRetryMs: 1_000,
  lastRetryMs: 300_000,
  longestWaitMs: 3_600_000,
  closeGraceMs: 100,
};
