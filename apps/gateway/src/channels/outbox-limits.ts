import type { Backoff } from '@hermes/service-kit';

/** Limits of one try, and of all tries; times are in ms. */
export interface OutboxLimits extends Backoff {
  readonly atOnce: number;
  /**
   * Stored bytes of deliveries that are sent at the same time; they use several times as much memory. A single delivery
   * may be larger.
   */
  readonly atOnceBytes: number;
  readonly tryMs: number;
  readonly tries: number;
  /** The longest delay that the remote side may ask for. */
  readonly longestWaitMs: number;
  /** Time for aborted tries to settle. */
  readonly closeGraceMs: number;
}

/** Retries continue for about a day: an outage of the remote side for an hour loses nothing. */
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
