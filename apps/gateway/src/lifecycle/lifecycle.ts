import { EventEmitter } from 'node:events';
import type { LifecycleState } from '@hermes/drain-contract';
import { LIFECYCLE, type LifecycleEvent } from './table.ts';

/** A change of state, reported after it has happened. */
export interface Transition {
  readonly from: LifecycleState;
  readonly to: LifecycleState;
  readonly event: LifecycleEvent;
}

/** The state the gateway is in. Emits `transition` when an event changes it. */
export class Lifecycle extends EventEmitter<{ transition: [Transition] }> {
  #state: LifecycleState = 'starting';

  get state(): LifecycleState {
    return this.#state;
  }

  /** @returns whether it changes the state. */
  send(event: LifecycleEvent): boolean {
    const from = this.#state;
    const to = LIFECYCLE[from][event];
    if (to === from) return false;
    this.#state = to;
    this.emit('transition', { from, to, event });
    return true;
  }
}
