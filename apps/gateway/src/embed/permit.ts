import type * as gate from '../gate/gate.ts';
import type { Permit } from './types.ts';

/** A permit that can be released more than once, as a finished stream and a client that goes away do at the same time. */
export class TurnPermit implements Permit {
  readonly #permit: gate.Permit;
  readonly #stop: AbortSignal;
  readonly #abandoned = new AbortController();
  #signal: AbortSignal | undefined;
  #isReleased = false;

  /** @param stop aborts when all turns must end. */
  constructor(permit: gate.Permit, stop: AbortSignal) {
    this.#permit = permit;
    this.#stop = stop;
  }

  get id(): string {
    return this.#permit.work.id;
  }

  get session(): string {
    return this.#permit.work.session;
  }

  /** Made on demand: many turns never use it. */
  get signal(): AbortSignal {
    this.#signal ??= AbortSignal.any([this.#stop, this.#abandoned.signal]);
    return this.#signal;
  }

  progress(): void {
    this.#permit.progress();
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#permit.release();
  }

  abandon(): void {
    if (this.#isReleased) return;
    this.#abandoned.abort(new Error('the client is gone'));
    this.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
