import { RateLimiterMemory } from 'rate-limiter-flexible';

const LIMIT = { points: 10, duration: 60 } as const;

/** Counts failed attempts at the secret, each client address on its own. */
export class FailedAttempts {
  readonly #limiter = new RateLimiterMemory(LIMIT);

  /** Seconds for which `address` is locked out, or 0. */
  async lockedFor(address: string): Promise<number> {
    const seen = await this.#limiter.get(address);
    return seen && seen.consumedPoints >= LIMIT.points ? toSeconds(seen.msBeforeNext) : 0;
  }

  /** Counts a failure. @returns the seconds of a lock-out that was in force before it, or 0. */
  async count(address: string): Promise<number> {
    const seen = await this.#limiter.penalty(address);
    return seen.consumedPoints > LIMIT.points ? toSeconds(seen.msBeforeNext) : 0;
  }
}

function toSeconds(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1000));
}
