import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from './backoff.ts';
import type { Logger } from './logger.ts';
import { StartupError } from './startup-error.ts';
import { isTemporary } from './temporary.ts';

/** The default time for which a program's start retries temporary failures, in seconds. */
export const DEFAULT_START_TIMEOUT = 60;

/** The backoff: most causes are short, and a late retry matters less for a long one. */
const PAUSES: Backoff = { firstRetryMs: 100, lastRetryMs: 5_000 };

export interface RetryOptions {
  /** Seconds from now after which a failure is final; 0 tries once. A step under way is not cut off. */
  readonly within: number;
  /** Ends the retries at once. */
  readonly stopped: AbortSignal;
  /** Gets a line for each new reason, and one when it has passed. */
  readonly log: Logger;
  /** Called after each failure that is retried, before the pause. */
  readonly onProblem?: (problem: Error) => unknown;
}

/**
 * Runs a start-up step, and retries it with growing pauses while its failures are temporary.
 * @throws the error of the step when it does not pass by itself, or when the time is up; {@link StoppedError} when
 * it was stopped.
 */
export async function retryWhileTemporary<T>(step: () => T | Promise<T>, options: RetryOptions): Promise<T> {
  const { stopped } = options;
  if (stopped.aborted) throw new StoppedError();
  const stop = Promise.withResolvers<never>();
  const onStop = () => stop.reject(new StoppedError());
  stopped.addEventListener('abort', onStop);
  try {
    return await Promise.race([stop.promise, attempts(step, options)]);
  } finally {
    stopped.removeEventListener('abort', onStop);
  }
}

/** The start was aborted by a stop signal. */
export class StoppedError extends Error {
  constructor() {
    super('asked to end while it started');
    this.name = 'StoppedError';
  }
}

async function attempts<T>(step: () => T | Promise<T>, options: RetryOptions): Promise<T> {
  const { within, stopped, log, onProblem } = options;
  const deadline = performance.now() + within * 1_000;
  let reason: string | undefined;
  for (let failures = 0; ; failures += 1) {
    try {
      const result = await step();
      if (reason !== undefined) log.info({ reason }, 'the start-up problem is resolved');
      return result;
    } catch (error) {
      const left = deadline - performance.now();
      if (stopped.aborted || !(left > 0) || !isTemporary(error)) throw error;
      const { message } = error as Error;
      if (message !== reason)
        log.warn({ reason: message, retry_s: Math.ceil(left / 1_000) }, 'cannot start yet; retrying');
      reason = message;
      await onProblem?.(error as Error);
      await delay(Math.min(backoffMs(failures, PAUSES), left), undefined, { signal: stopped }).catch(() => undefined);
      if (stopped.aborted) throw new StoppedError();
    }
  }
}

/** `HERMES_START_TIMEOUT`, in seconds. @throws StartupError when it is invalid. */
export function readStartTimeout(environment: NodeJS.ProcessEnv): number {
  const text = environment.HERMES_START_TIMEOUT?.trim();
  if (!text) return DEFAULT_START_TIMEOUT;
  const seconds = Number(text);
  if (seconds >= 0 && seconds <= 86_400) return seconds;
  throw new StartupError(
    `HERMES_START_TIMEOUT: expected seconds from 0 to 86400, found ${JSON.stringify(text.slice(0, 60))}`,
  );
}
