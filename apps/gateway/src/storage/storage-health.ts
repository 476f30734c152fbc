import { EventEmitter } from 'node:events';

/** What a gateway needs of its home: each is checked by the code that uses it. */
export type StoragePart = 'volume' | 'lock' | 'journal' | 'turn-ends' | 'marker' | 'state';

/**
 * Whether the gateway can read and write what it needs. While any part has a problem, no external turn is admitted and
 * the gateway is not ready. Emits `change` with the new answer when {@link StorageHealth.problem} changes.
 */
export class StorageHealth extends EventEmitter<{ change: [string | undefined] }> {
  readonly #problems = new Map<StoragePart, string>();

  /** The first problem there is, for people and without secrets; `undefined` when all is well. */
  get problem(): string | undefined {
    return this.#problems.values().next().value;
  }

  /** Records what is wrong with `part` now, or `undefined` when it works again. */
  report(part: StoragePart, problem: string | undefined): void {
    const before = this.problem;
    if (problem === undefined) this.#problems.delete(part);
    else this.#problems.set(part, problem);
    if (this.problem !== before) this.emit('change', this.problem);
  }
}
