import { setTimeout as delay } from 'node:timers/promises';
import type { DashboardApi } from '../api/dashboard-api.ts';
import { isPassing } from '../errors.ts';
import { isInForce, type Sighting } from './judge.ts';

const POLL_SECONDS = 1;
const LEAST_GAP_MS = 250;
const BACKOFF = { factor: 2, minTimeout: 200, maxTimeout: 5_000, randomize: true } as const;

export interface LookOptions {
  /** Ends the sightings with its reason. */
  readonly signal: AbortSignal;
  /** How long the dashboard may be unreachable, in ms. */
  readonly retryFor: number;
  /** Called after each failed attempt that will be retried. */
  readonly onLost: (error: Error) => void;
}

/** One sighting after the other: at once when the drain is settled, else each second. @throws Unreachable, Refused. */
export async function* sightings(api: DashboardApi, options: LookOptions): AsyncGenerator<Sighting, never> {
  const { signal } = options;
  let wait = 0;
  for (;;) {
    const started = performance.now();
    const sighting = await persistently(() => look(api, signal, wait), options);
    yield sighting;
    wait = POLL_SECONDS;
    // A dashboard that is about to stop answers without waiting.
    const { drain } = sighting;
    const settled = drain.safe_to_stop || !(isInForce(drain) || drain.verdict.reason === 'unavailable');
    const gap = settled ? POLL_SECONDS * 1000 : LEAST_GAP_MS;
    await delay(Math.max(0, gap - (performance.now() - started)), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

/** `task`, retried with backoff while its failures are temporary, at most for `retryFor`. */
export async function persistently<T>(task: () => Promise<T>, { signal, retryFor, onLost }: LookOptions): Promise<T> {
  const { default: pRetry } = await import('p-retry');
  const started = performance.now();
  const mayRetry = (error: Error) => isPassing(error) && performance.now() - started < retryFor;
  return pRetry(task, {
    ...BACKOFF,
    retries: Number.POSITIVE_INFINITY,
    signal,
    onFailedAttempt: ({ error }) => {
      if (mayRetry(error)) onLost(error);
    },
    shouldRetry: ({ error }) => mayRetry(error),
  });
}

async function look(api: DashboardApi, signal: AbortSignal, wait: number): Promise<Sighting> {
  const drain = await api.drain(signal, wait);
  const status = await api.status(signal);
  return { at: Date.now(), drain, status };
}
