import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from './problem.ts';

export interface WrongSecretsOptions {
  /** How many wrong secrets one client address may send in a window before it is refused. */
  readonly perAddress?: number;
  /** How many all addresses may send together. */
  readonly inAll?: number;
  readonly windowMs?: number;
  /** How long the refusal of one too many is held back. */
  readonly delayMs?: number;
  /** A clock that is never set, in ms. */
  readonly now?: () => number;
  /** Is called for each wrong secret. */
  readonly onWrong?: () => void;
}

interface Window {
  readonly endsAt: number;
  count: number;
}

/** The maximum number of delayed refusals; the others are sent at once. */
const MAX_DELAYED = 100;

/** The maximum number of tracked addresses; the total count covers the others. */
const MAX_ADDRESSES = 10_000;

/**
 * Counts wrong secrets, for each client address and in all, and delays and refuses those that are too many. The caller
 * looks at the secret first: a right one is let in whatever is counted here, and a missing one is not an attempt.
 */
export class WrongSecrets {
  readonly #options: Required<WrongSecretsOptions>;
  readonly #addresses = new Map<string, Window>();
  #all: Window;
  #delayed = 0;

  constructor(options: WrongSecretsOptions = {}) {
    const now = () => performance.now();
    this.#options = {
      perAddress: 10,
      inAll: 1_000,
      windowMs: 60_000,
      delayMs: 250,
      now,
      onWrong: () => undefined,
      ...options,
    };
    this.#all = this.#open();
  }

  /** Counts one more. @returns the answer: 401, or 429 when there were too many. */
  async refuse(address: string): Promise<ProblemError> {
    const { perAddress, inAll, now, delayMs, onWrong } = this.#options;
    onWrong();
    const windows = [[this.#windowOf(address), perAddress] as const, [this.#windowOfAll(), inAll] as const];
    const exceeded = windows.filter(([window, limit]) => ++window.count > limit).map(([window]) => window.endsAt);
    if (exceeded.length === 0) return unauthorized();
    if (this.#delayed < MAX_DELAYED) {
      this.#delayed += 1;
      await delay(delayMs, undefined, { ref: false });
      this.#delayed -= 1;
    }
    return tooManyAttempts(Math.max(1, Math.ceil((Math.max(...exceeded) - now()) / 1_000)));
  }

  #windowOf(address: string): Window {
    const known = this.#addresses.get(address);
    if (known && known.endsAt > this.#options.now()) return known;
    this.#addresses.delete(address);
    const [oldest] = this.#addresses.keys();
    if (oldest !== undefined && this.#addresses.size >= MAX_ADDRESSES) this.#addresses.delete(oldest);
    const window = this.#open();
    this.#addresses.set(address, window);
    return window;
  }

  #windowOfAll(): Window {
    if (this.#all.endsAt <= this.#options.now()) this.#all = this.#open();
    return this.#all;
  }

  #open(): Window {
    return { endsAt: this.#options.now() + this.#options.windowMs, count: 0 };
  }
}

/** The answer to a request without a secret, or with a wrong one. */
export function unauthorized(): ProblemError {
  return new ProblemError(401, 'unauthorized', 'Unauthorized', '', { headers: { 'www-authenticate': 'Bearer' } });
}

function tooManyAttempts(seconds: number): ProblemError {
  const detail = `Expected a valid secret; found too many wrong ones. A valid secret is accepted at any time; retry with another one in ${seconds} seconds.`;
  return new ProblemError(429, 'too-many-attempts', 'Too many failed attempts', detail, {
    headers: { 'retry-after': String(seconds) },
  });
}
