import type { Limits } from './limits.ts';
import type { Turn } from './turn.ts';

/** Memory of a piece of a reply besides its characters: many small pieces add up. */
const PIECE_BYTES = 32;

/** Why a reply must not grow: it reaches its own limit, or all of them together reach theirs. */
export type Excess = 'reply' | 'memory';

/** Counts the texts, histories and replies in memory of running or unstored turns, in bytes. */
export class WorkingMemory {
  readonly #limits: Pick<Limits, 'intakeBytes' | 'workingBytes' | 'replyBytes'>;
  readonly #held = new Map<Turn, number>();
  readonly #histories = new Map<Turn, number>();
  #bytes = 0;

  constructor(limits: Pick<Limits, 'intakeBytes' | 'workingBytes' | 'replyBytes'>) {
    this.#limits = limits;
  }

  /** Whether the text of one more turn fits. A single one always fits, so that work never stops. */
  hasRoom(turn: Turn): boolean {
    return this.#bytes === 0 || this.#held.has(turn) || this.#bytes + turn.bytes <= this.#limits.intakeBytes;
  }

  /** Bytes of texts for which there is room. */
  get room(): number {
    return Math.max(0, this.#limits.intakeBytes - this.#bytes);
  }

  /** Whether nothing is in memory. */
  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** Counts the text of a turn. */
  holdText(turn: Turn): void {
    this.release(turn);
    this.#add(turn, turn.bytes);
  }

  /** Counts a piece of a reply. @returns which limit it exceeds, if any. */
  holdPiece(turn: Turn, text: string): Excess | undefined {
    const { workingBytes, replyBytes } = this.#limits;
    this.#add(turn, Buffer.byteLength(text) + PIECE_BYTES);
    if ((this.#held.get(turn) ?? 0) - turn.bytes > replyBytes) return 'reply';
    return this.#bytes > workingBytes ? 'memory' : undefined;
  }

  /** Counts the history that the agent gets. @returns whether that is too much. */
  holdHistory(turn: Turn, bytes: number): boolean {
    if (bytes === 0) return false;
    this.#histories.set(turn, bytes);
    this.#bytes += bytes;
    return this.#bytes > this.#limits.workingBytes;
  }

  release(turn: Turn): void {
    this.#bytes -= (this.#held.get(turn) ?? 0) + (this.#histories.get(turn) ?? 0);
    this.#held.delete(turn);
    this.#histories.delete(turn);
  }

  #add(turn: Turn, bytes: number): void {
    this.#held.set(turn, (this.#held.get(turn) ?? 0) + bytes);
    this.#bytes += bytes;
  }
}
