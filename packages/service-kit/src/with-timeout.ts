/** The longest time that a timer can have; Node fires a longer one at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

const expired = Symbol('expired');

/** A step timed out. */
export class TimeoutError extends Error {
  constructor(ms: number) {
    super(`expected an end within ${ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`}, found none`);
    this.name = 'TimeoutError';
  }
}

/**
 * What `work` gives, or its error, within `ms`; later, what `onTimeout` returns or throws. It does not stop `work`: what
 * that gives after the time is dropped, an error too. The timer keeps no process alive.
 * @throws TimeoutError after the time, without an `onTimeout`.
 */
export function withTimeout<T>(work: Promise<T>, ms: number): Promise<T>;
export function withTimeout<T, L>(work: Promise<T>, ms: number, onTimeout: () => L): Promise<T | Awaited<L>>;
export async function withTimeout<T, L>(work: Promise<T>, ms: number, onTimeout?: () => L): Promise<T | Awaited<L>> {
  const late = Promise.withResolvers<typeof expired>();
  const bound = Math.min(ms, MAX_TIMER_MS);
  const timer = setTimeout(() => late.resolve(expired), bound).unref();
  try {
    const first = await Promise.race([work, late.promise]);
    if (first !== expired) return first as T;
    if (onTimeout === undefined) throw new TimeoutError(bound);
    return await onTimeout();
  } finally {
    clearTimeout(timer);
  }
}
