import type { Turn } from './turn.ts';

/** The accepted turns that have not started, of all sessions. Their texts are in the journal. */
export class Backlog {
  readonly #turns = new Set<Turn>();
  #bytes = 0;

  get size(): number {
    return this.#turns.size;
  }

  /** Bytes of their texts. */
  get bytes(): number {
    return this.#bytes;
  }

  has(turn: Turn): boolean {
    return this.#turns.has(turn);
  }

  add(turn: Turn): void {
    if (this.#turns.has(turn)) return;
    this.#turns.add(turn);
    this.#bytes += turn.bytes;
  }

  remove(turn: Turn): void {
    if (this.#turns.delete(turn)) this.#bytes -= turn.bytes;
  }

  /** None of them will start in this process. */
  leave(): void {
    for (const turn of this.#turns) turn.leave();
  }
}
