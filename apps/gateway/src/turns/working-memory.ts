import type { Limits } from './limits.ts';
import type { Turn } from './turn.ts';

/** What a piece of a reply takes beside its characters: many small ones are not free. */
const PIECE_BYTES = 32;

/** Why a reply must not grow any more: it is too long itself, or all of them together are. */
export type Excess = 'reply' | 'memory';

/** Counts the texts and replies that are in memory for turns that run or are being stored, in bytes of UTF-8. */
export class WorkingMemory {
  readonly #limits: Pick<Limits, 'intakeBytes' | 'workingBytes' | 'replyBytes'>;
  readonly #held = new Map<Turn, number>();
  #bytes = 0;

  constructor(limits: Pick<Limits, 'intakeBytes' | 'workingBytes' | 'replyBytes'>) {
    this.#limits = limits;
  }

  /** Whether the text of one more turn fits in. A single one always does, so that work never comes to a halt. */
  hasRoom(turn: Turn): boolean {
    return this.#bytes === 0 || this.#held.has(turn) || this.#bytes + turn.bytes <= this.#limits.intakeBytes;
  }

  /** The text of a turn is in memory, or is about to be. */
  holdText(turn: Turn): void {
    this.release(turn);
    this.#add(turn, turn.bytes);
  }

  /** A piece of a reply came. @returns why it is one too many, if it is. */
  holdPiece(turn: Turn, text: string): Excess | undefined {
    const { workingBytes, replyBytes } = this.#limits;
    this.#add(turn, Buffer.byteLength(text) + PIECE_BYTES);
    if ((this.#held.get(turn) ?? 0) - turn.bytes > replyBytes) return 'reply';
    return this.#bytes > workingBytes ? 'memory' : undefined;
  }

  release(turn: Turn): void {
    this.#bytes -= this.#held.get(turn) ?? 0;
    this.#held.delete(turn);
  }

  #add(turn: Turn, bytes: number): void {
    this.#held.set(turn, (this.#held.get(turn) ?? 0) + bytes);
    this.#bytes += bytes;
  }
}
