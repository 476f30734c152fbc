import { EventEmitter } from 'node:events';
import type { HomeDirectory } from './home-directory.ts';
import type { StorageHealth, StoragePart } from './storage-health.ts';

const POLL_INTERVAL_MS = 1_000;

/** Something in the home that the gateway needs, and that can be looked at in microseconds. */
export interface StorageCheck {
  readonly part: StoragePart;
  /** What is wrong, and what to do; `undefined` when all is well. Never throws. */
  problem(): string | undefined;
}

/**
 * Looks at the home and at what it holds, every second and when asked, and reports what it finds.
 * Emits `back` when the home, which was gone, is there again; the gateway must then look at its marker.
 */
export class StorageWatch extends EventEmitter<{ back: [] }> {
  readonly #health: StorageHealth;
  readonly #home: HomeDirectory;
  readonly #checks: readonly StorageCheck[];
  #isGone = false;
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
   * Whether the home is gone, by a look at it now. This only ever finds it gone: that it is back is found by
   * {@link look}, because the marker must be looked at again before a turn is admitted.
   */
  isHomeGone(): boolean {
    const problem = this.#home.problem();
    if (problem !== undefined) this.#leave(problem);
    return this.#isGone;
  }

  /** Whether `name` is missing because the home is gone, or was gone for a moment, and not because it was removed. */
  hasLost(name: string): boolean {
    if (this.isHomeGone()) return true;
    if (!this.#home.has(name)) return false;
    this.#leave(
      `the home ${this.#home.path} was missing for a moment: do not move or unmount it while the gateway runs`,
    );
    return true;
  }

  /** Looks at everything, and reports what it finds. */
  look(): void {
    const wasGone = this.#isGone;
    const problem = this.#home.problem();
    this.#isGone = problem !== undefined;
    this.#health.report('volume', problem);
    // Without the home, all that is in it is missing, too.
    if (this.#isGone) return;
    for (const check of this.#checks) this.#health.report(check.part, check.problem());
    if (wasGone) this.emit('back');
  }

  #leave(problem: string): void {
    this.#isGone = true;
    this.#health.report('volume', problem);
  }
}
