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
  /** States up to this number are out of date. */
  #superseded = 0;

  /** @param compose returns the current state. */
  constructor(home: string, compose: () => GatewayState) {
    this.#home = home;
    this.#compose = compose;
  }

  /** Whether the state on disk may report a drain: from the start of such a write, whether or not it succeeds. */
  get mayReadAsDrained(): boolean {
    return this.#mayReadAsDrained;
  }

  /** Writes the state durably. @throws ContractError */
  async write(): Promise<void> {
    this.#composed += 1;
    const number = this.#composed;
    const isCurrent = () => number > this.#superseded;
    const state = this.#compose();
    const isDraining = state.gateway_state === 'draining';
    if (isDraining) this.#mayReadAsDrained = true;
    await writeGatewayState(state, { home: this.#home, isCurrent });
    if (isCurrent()) this.#mayReadAsDrained = isDraining;
  }

  /** Writes the state before it returns; a write in progress is discarded. @throws ContractError */
  writeNow(): void {
    const state = this.#compose();
    writeGatewayStateNow(state, { home: this.#home });
    this.#superseded = this.#composed;
    this.#mayReadAsDrained = state.gateway_state === 'draining';
  }
}
