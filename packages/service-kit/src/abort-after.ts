import { MAX_TIMER_MS, TimeoutError } from './with-timeout.ts';

/**
 * A signal that aborts after `ms` with a TimeoutError, or before, when one of `signals` does. The timer keeps no process
 * alive. Unlike `AbortSignal.any` over `AbortSignal.timeout`, which the garbage collector of Node 22.13 takes with what
 * waits for it: that wait then has no bound.
 */
export function abortAfter(ms: number, ...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const timeout = new AbortController();
  setTimeout(() => timeout.abort(new TimeoutError(ms)), Math.min(ms, MAX_TIMER_MS)).unref();
  return AbortSignal.any([timeout.signal, ...signals.filter((signal) => signal !== undefined)]);
}
