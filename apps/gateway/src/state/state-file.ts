import { type GatewayState, writeGatewayState, writeGatewayStateNow } from '@hermes/drain-contract';

/**
 * The published state, and what readers may conclude from what is on disk. A drain that is over must not be answered by
 * the state any more when turns start again: another program may cancel it and at once begin another of the same request
 * id, and would find "draining, none in flight" with a turn in flight. So the end of a drain is published at once when
 * somebody is at the door, and else like every other state.
 */
export class StateFile {
  readonly #home: string;
  readonly #compose: () => GatewayState;
  #mayReadAsDrained = false;
  /** States are numbered as they are composed. */
  #composed = 0;
  /** Up to this number they are out of date. */
  #superseded = 0;

  /** @param compose the state as it is now. */
  constructor(home: string, compose: () => GatewayState) {
    this.#home = home;
    this.#compose = compose;
  }

  /** Whether the state on disk may say that the gateway drains: from the start of such a write, whatever becomes of it. */
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

  /** Writes the state before it returns; one that is being written gives way. @throws ContractError */
  writeNow(): void {
    const state = this.#compose();
    writeGatewayStateNow(state, { home: this.#home });
    this.#superseded = this.#composed;
    this.#mayReadAsDrained = state.gateway_state === 'draining';
  }
}
