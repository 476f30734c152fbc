import { EventEmitter } from 'node:events';
import type { HomeDirectory } from './home-directory.ts';
import type { StorageHealth, StoragePart } from './storage-health.ts';

const POLL_INTERVAL_MS = 1_000;

/** How long a check of the home counts for the next messages, of which there may be thousands a second, in ms. */
const RECENT_MS = 10;

/** A part of the home that the gateway needs, with a check that takes microseconds. */
export interface StorageCheck {
  readonly part: StoragePart;
  /** The problem and what to do; `undefined` if there is none. Never throws. */
  problem(): string | undefined;
}

/**
 * Checks the home and its content, every second and on request, and reports the results.
 * Emits `back` when a missing home is there again; the gateway must then read its marker.
 */
export class StorageWatch extends EventEmitter<{ back: [] }> {
  readonly #health: StorageHealth;
  readonly #home: HomeDirectory;
  readonly #checks: readonly StorageCheck[];
  #isGone = false;
  /** Time of the last check of the home by the monotonic clock, in ms. */
  #checkedAt = Number.NEGATIVE_INFINITY;
  #poll: NodeJS.Timeout | undefined;

  constructor(health: StorageHealth, home: HomeDirectory, checks: readonly StorageCheck[]) {
    super();
    this.#health = health;
    this.#home = home;
    this.#checks = checks;
  }

  start(): void {
    this.#poll = setInterval(() => this.look(), POLL_INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#poll);
  }

  /**
   * Whether the home is missing, checked now. It never reports a return of the home: only {@link look} does, because
   * the marker must be read before a turn is admitted.
   */
  isHomeGone(): boolean {
    const problem = this.#checkHome();
    if (problem !== undefined) this.#leave(problem);
    return this.#isGone;
  }

  /** The same, checked at most 10 ms ago. A journal in the home also checks its files at each commit. */
  wasHomeGone(): boolean {
    return performance.now() - this.#checkedAt < RECENT_MS ? this.#isGone : this.isHomeGone();
  }

  /** Whether `name` is missing because the home is or was missing, and not because it was removed. */
  hasLost(name: string): boolean {
    if (this.isHomeGone()) return true;
    if (!this.#home.has(name)) return false;
    this.#leave(
      `the home ${this.#home.path} was missing for a moment: do not move or unmount it while the gateway runs`,
    );
    return true;
  }

  /** Checks everything, and reports the results. */
  look(): void {
    const wasGone = this.#isGone;
    const problem = this.#checkHome();
    this.#isGone = problem !== undefined;
    this.#health.report('volume', problem);
    // If the home is missing, so is all its content.
    if (this.#isGone) return;
    for (const check of this.#checks) this.#health.report(check.part, check.problem());
    if (wasGone) this.emit('back');
  }

  #checkHome(): string | undefined {
    this.#checkedAt = performance.now();
    return this.#home.problem();
  }

  #leave(problem: string): void {
    this.#isGone = true;
    this.#health.report('volume', problem);
  }
}
