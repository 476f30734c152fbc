import { EventEmitter } from 'node:events';
import type { ChannelState } from '@hermes/drain-contract';

/** Maximum length of a problem, in UTF-16 code units: it goes into the state file. */
const MAX_PROBLEM = 500;

/** How a channel is doing, by its last contact with the other side. Emits `change`. */
export class ChannelHealth extends EventEmitter<{ change: [] }> {
  #state: ChannelState;
  #since = Date.now();
  #problem: string | null = null;

  constructor(state: ChannelState) {
    super();
    this.#state = state;
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** Unix ms of the last change of the state. */
  get since(): number {
    return this.#since;
  }

  /** Why it fails or is rejected, for a person. */
  get problem(): string | null {
    return this.#problem;
  }

  /** @param problem is shown to operators: no secrets. */
  become(state: ChannelState, problem: string | null = null): void {
    const text = problem?.slice(0, MAX_PROBLEM) ?? null;
    if (state === this.#state && text === this.#problem) return;
    if (state !== this.#state) this.#since = Date.now();
    this.#state = state;
    this.#problem = text;
    this.emit('change');
  }
}
