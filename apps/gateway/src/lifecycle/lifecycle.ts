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

  send(event: LifecycleEvent): void {
    const from = this.#state;
    const to = LIFECYCLE[from][event];
    if (to === from) return;
    this.#state = to;
    this.emit('transition', { from, to, event });
  }
}
