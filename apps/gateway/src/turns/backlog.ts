import type { Turn } from './turn.ts';

/** The accepted turns that have not started, of all sessions. Their texts are in the journal. */
export class Backlog {
  /** Each with the bytes that it counts for: an edit changes those of the turn. */
  readonly #turns = new Map<Turn, number>();
  #bytes = 0;

  get size(): number {
    return this.#turns.size;
  }

  /** Bytes of their texts, and of what is reserved. */
  get bytes(): number {
    return this.#bytes;
  }

  has(turn: Turn): boolean {
    return this.#turns.has(turn);
  }

  add(turn: Turn): void {
    this.remove(turn);
    this.#turns.set(turn, turn.bytes);
    this.#bytes += turn.bytes;
  }

  remove(turn: Turn): void {
    this.#bytes -= this.#turns.get(turn) ?? 0;
    this.#turns.delete(turn);
  }

  /** The bytes of the turn have changed. */
  recount(turn: Turn): void {
    if (this.has(turn)) this.add(turn);
  }

  /** Counts bytes that are being stored. @returns what ends that. */
  reserve(bytes: number): () => void {
    this.#bytes += bytes;
    return () => {
      this.#bytes -= bytes;
    };
  }

  /** None of them will start in this process. */
  leave(): void {
    for (const turn of this.#turns.keys()) turn.leave();
  }
}
