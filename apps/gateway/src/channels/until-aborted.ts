import { setTimeout as delay } from 'node:timers/promises';

/*
 * These end when a signal aborts and not, as `withTimeout`, after a time: one signal bounds several steps in a row, and
 * stops the work itself.
 */

/** Waits `ms`, or until `signal` aborts. Keeps no process alive. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** The result of `work`, or its error; the abort reason of `signal` if that aborts first, whatever `work` does then. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Resolves when `work` settles, or when `signal` aborts. */
export async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  await unlessAborted(work, signal).catch(() => undefined);
}
