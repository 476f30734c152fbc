const LONGEST_MS = 10_000;

/** How long to wait before another attempt, in ms. @param chance from 0 to 1, so that pages do not all come back at once. */
export function backoff(failures: number, chance: number): number {
  return Math.round(Math.min(LONGEST_MS, 500 * 2 ** failures) * (0.5 + chance / 2));
}

/** Waits before another attempt, until `signal` aborts or the browser is back online. */
export async function pause(failures: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, backoff(failures, Math.random()));
  const done = () => resolve();
  signal.addEventListener('abort', done, { once: true });
  globalThis.addEventListener?.('online', done);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', done);
  globalThis.removeEventListener?.('online', done);
}
