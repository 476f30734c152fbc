import { EventEmitter } from 'node:events';

/** What a gateway needs of its home, causes before their effects: each is checked by the code that uses it. */
const STORAGE_PARTS = ['volume', 'lock', 'journal', 'turn-ends', 'marker', 'state'] as const;
export type StoragePart = (typeof STORAGE_PARTS)[number];

/**
 * Whether the gateway can read and write what it needs. While any part has a problem, no external turn is admitted and
 * the gateway is not ready. Emits `change` with the new answer when {@link StorageHealth.problem} changes.
 */
export class StorageHealth extends EventEmitter<{ change: [string | undefined] }> {
  readonly #problems = new Map<StoragePart, string>();

  /**
   * The problem nearest to the cause, for people and without secrets; `undefined` when all is well. Which one was found
   * first is chance: where the home is gone, the state cannot be written either.
   */
  get problem(): string | undefined {
    const part = STORAGE_PARTS.find((candidate) => this.#problems.has(candidate));
    return part && this.#problems.get(part);
  }

  /** Records what is wrong with `part` now, or `undefined` when it works again. */
  report(part: StoragePart, problem: string | undefined): void {
    const before = this.problem;
    if (problem === undefined) this.#problems.delete(part);
    else this.#problems.set(part, problem);
    if (this.problem !== before) this.emit('change', this.problem);
  }
}
