import type { ReplyPiece } from '../journal/fleet.ts';
import type { ChangeSignal } from './change-signal.ts';

/** The reply of a turn while it grows, and what its readers get of it. */
export class GrowingReply {
  readonly #changed: ChangeSignal;
  /** What readers get. */
  readonly #pieces: string[] = [];
  /** The reply of this run, if {@link #pieces} are of an earlier one, which readers have got already. */
  #rerun: string[] | undefined;
  /** The length of all pieces, and which start of the turn they are of if another gateway runs it. */
  #length = 0;
  #streamed: number | undefined;

  constructor(changed: ChangeSignal) {
    this.#changed = changed;
  }

  /** The reply of this run so far. */
  get text(): string {
    return (this.#rerun ?? this.#pieces).join('');
  }

  /** What readers have got, or will. */
  get shown(): string {
    return this.#pieces.join('');
  }

  /** The turn starts, perhaps again. */
  restart(): void {
    if (this.#length > 0) this.#rerun = [];
  }

  append(text: string): void {
    if (this.#rerun) this.#rerun.push(text);
    else this.#show(text);
  }

  /** Adds a piece from another gateway, unless an earlier piece is missing. */
  appendPiece({ attempt, offset, text }: Pick<ReplyPiece, 'attempt' | 'offset' | 'text'>): void {
    if (this.#length === 0) this.#streamed = attempt;
    if (attempt !== this.#streamed || offset > this.#length || offset + text.length <= this.#length) return;
    this.#show(text.slice(this.#length - offset));
  }

  /** Shows the rest of the whole reply, if what was shown is its beginning. */
  complete(reply: string): void {
    if (this.#length < reply.length && reply.startsWith(this.shown)) this.#show(reply.slice(this.#length));
  }

  /** The pieces from the first one as they come; ends when all are read and `isOver`, or when `signal` aborts. */
  async *read(isOver: () => boolean, signal: AbortSignal): AsyncIterable<string> {
    signal.addEventListener('abort', () => this.#changed.wake(), { once: true });
    for (let next = 0; !signal.aborted; next++) {
      while (next >= this.#pieces.length && !signal.aborted) {
        if (isOver()) return;
        await this.#changed.next();
      }
      const piece = this.#pieces[next];
      if (piece !== undefined) yield piece;
    }
  }

  #show(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
    this.#changed.wake();
  }
}
