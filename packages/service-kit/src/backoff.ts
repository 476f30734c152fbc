/** Waits between the tries of something that fails, in ms. */
export interface Backoff {
  /** After the first failure; after each further one it is twice as long, up to the last. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
}

/** How long to wait before the next try, in ms. @param failures in a row before the one that has just happened. */
export function backoffMs(failures: number, { firstRetryMs, lastRetryMs }: Backoff): number {
  return Math.min(firstRetryMs * 2 ** failures, lastRetryMs);
}
