import type * as gate from '../gate/gate.ts';
import type { Permit } from './types.ts';

/** A permit that can be released more than once, as a finished stream and a client that goes away do at the same time. */
export class TurnPermit implements Permit {
  readonly signal: AbortSignal;
  readonly #permit: gate.Permit;
  #isReleased = false;

  constructor(permit: gate.Permit, signal: AbortSignal) {
    this.#permit = permit;
    this.signal = signal;
  }

  get id(): string {
    return this.#permit.work.id;
  }

  get session(): string {
    return this.#permit.work.session;
  }

  progress(): void {
    this.#permit.progress();
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#permit.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
