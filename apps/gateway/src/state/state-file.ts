import { type GatewayState, writeGatewayState, writeGatewayStateNow } from '@hermes/drain-contract';

/**
 * The published state, and what readers may conclude from it. When turns start again, the state on disk must no longer
 * report the drain that has ended: another program may cancel that drain and at once begin another with the same
 * request id, and would read "draining, none in flight" with a turn in flight. So the end of a drain is published at
 * once when a message arrives, and otherwise like every other state.
 */
export class StateFile {
  readonly #home: string;
  readonly #compose: () => GatewayState;
  #mayReadAsDrained = false;
  /** States are numbered as they are composed. */
  #composed = 0;
  /** The newest that was put on disk: an older one, whose write takes longer, is dropped. */
  #newest = 0;

  /** @param compose returns the current state. */
  constructor(home: string, compose: () => GatewayState) {
    this.#home = home;
    this.#compose = compose;
  }

  /** Whether the state on disk may report a drain: from the start of such a write, whether or not it succeeds. */
  get mayReadAsDrained(): boolean {
    return this.#mayReadAsDrained;
  }

  /** Writes the state durably, unless a newer one was written meanwhile. @throws ContractError */
  async write(): Promise<void> {
    const { number, state } = this.#next();
    const claim = () => {
      if (number < this.#newest) return false;
      this.#newest = number;
      return true;
    };
    const isDraining = state.gateway_state === 'draining';
    if (isDraining) this.#mayReadAsDrained = true;
    await writeGatewayState(state, { home: this.#home, isCurrent: claim });
    if (number === this.#newest) this.#mayReadAsDrained = isDraining;
  }

  /** Writes the state before it returns; a write in progress is discarded. @throws ContractError */
  writeNow(): void {
    const { number, state } = this.#next();
    writeGatewayStateNow(state, { home: this.#home });
    this.#newest = number;
    this.#mayReadAsDrained = state.gateway_state === 'draining';
  }

  #next() {
    this.#composed += 1;
    return { number: this.#composed, state: this.#compose() };
  }
}
