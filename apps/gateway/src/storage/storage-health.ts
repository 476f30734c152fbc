import { EventEmitter } from 'node:events';

/** The parts of the storage, causes before their effects: the code that uses a part checks it. */
const STORAGE_PARTS = ['volume', 'lock', 'journal', 'turn-ends', 'marker', 'state'] as const;
export type StoragePart = (typeof STORAGE_PARTS)[number];

/**
 * Whether the gateway can read and write what it needs. While any part has a problem, the gate admits no external turn
 * and the gateway is not ready. Emits `change` with the new value when {@link StorageHealth.problem} changes.
 */
export class StorageHealth extends EventEmitter<{ change: [string | undefined] }> {
  readonly #problems = new Map<StoragePart, string>();

  /**
   * The problem nearest to the cause, for people and without secrets; `undefined` if there is none. The order of
   * detection is random: if the home is missing, the state cannot be written either.
   */
  get problem(): string | undefined {
    const part = STORAGE_PARTS.find((candidate) => this.#problems.has(candidate));
    return part && this.#problems.get(part);
  }

  /** Records the current problem of `part`, or `undefined` when it works. */
  report(part: StoragePart, problem: string | undefined): void {
    const before = this.problem;
    if (problem === undefined) this.#problems.delete(part);
    else this.#problems.set(part, problem);
    if (this.problem !== before) this.emit('change', this.problem);
  }
}
