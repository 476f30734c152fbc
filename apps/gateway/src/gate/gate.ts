import { EventEmitter, once } from 'node:events';
import type { DrainRequestFields, DrainVerdict, LifecycleState } from '@hermes/drain-contract';

/** `external`: chat, API, schedules. `internal`: recovery after a restart, completions of background work. */
export type TurnKind = 'external' | 'internal';

/** Why no turn may start now. */
export interface Refusal {
  readonly reason: 'starting' | 'draining' | 'stopping' | 'storage-unavailable';
  /** Which drain it is, when that is the reason. */
  readonly drain?: string | null;
  /** The drain's own words, when that is the reason. */
  readonly request?: DrainRequestFields;
  /** What is wrong with the storage, when that is the reason. */
  readonly problem?: string;
}

/** A turn in flight, as the gate counts it. Times are Unix ms. */
export interface Work {
  readonly id: string;
  readonly kind: TurnKind;
  readonly session: string;
  readonly startedAt: number;
  lastProgressAt: number;
}

/** Permission to run one turn. */
export interface Permit {
  readonly work: Work;
  /** The turn has moved on. */
  progress(): void;
  /** The turn has ended. @throws Error on a second call: a count that lies is worse than a crash. */
  release(): void;
}

export type Admission =
  | { readonly admitted: true; readonly permit: Permit }
  | { readonly admitted: false; readonly refusal: Refusal };

/** What the gate asks on the way in. */
export interface GateDependencies {
  /** The state the gateway is in. */
  state(): LifecycleState;
  /** A look at the marker itself: what was published may be older than the request at the door. */
  readVerdict(): DrainVerdict;
  /** Which drain the last look was about. */
  drain(): string | null;
  /** What keeps the gateway from reading or writing what it needs; `undefined` when nothing does. */
  storageProblem(): string | undefined;
}

/**
 * The one place that admits, refuses and counts turns. It decides and counts in one synchronous call, so that after
 * a begin-drain has returned no external turn can slip in between. Emits `count` when the number in flight changes.
 */
export class Gate extends EventEmitter<{ count: [number] }> {
  readonly #dependencies: GateDependencies;
  readonly #inFlight = new Set<Work>();
  readonly #end = (work: Work): void => {
    if (!this.#inFlight.delete(work)) throw new Error(`turn ${work.id} was released twice`);
    this.emit('count', this.active);
  };

  constructor(dependencies: GateDependencies) {
    super();
    this.#dependencies = dependencies;
  }

  /** Turns in flight. */
  get active(): number {
    return this.#inFlight.size;
  }

  /** The turns in flight, the oldest first. */
  inFlight(): Iterable<Work> {
    return this.#inFlight;
  }

  admit(kind: TurnKind, turn: { readonly id: string; readonly session: string }): Admission {
    const refusal = this.refusal(kind);
    if (refusal) return { admitted: false, refusal };
    const now = Date.now();
    const work: Work = { id: turn.id, kind, session: turn.session, startedAt: now, lastProgressAt: now };
    this.#inFlight.add(work);
    this.emit('count', this.active);
    return { admitted: true, permit: new GatePermit(work, this.#end) };
  }

  /** Why a turn of this kind would be refused now, if it would. */
  refusal(kind: TurnKind): Refusal | undefined {
    const state = this.#dependencies.state();
    if (state === 'starting') return { reason: 'starting' };
    if (state !== 'running' && state !== 'draining') return { reason: 'stopping' };
    if (kind === 'internal') return undefined;
    const verdict = this.#dependencies.readVerdict();
    if (verdict.active) return { reason: 'draining', drain: this.#dependencies.drain(), request: verdict.request };
    const problem = this.#dependencies.storageProblem();
    return problem === undefined ? undefined : { reason: 'storage-unavailable', problem };
  }

  /** Resolves when no turn is in flight. @throws AbortError when `signal` aborts first. */
  async whenIdle(signal: AbortSignal): Promise<void> {
    while (this.active > 0) await once(this, 'count', { signal });
  }
}

// A class: there are as many permits as turns in flight, and each closure in one would count as often.
class GatePermit implements Permit {
  readonly work: Work;
  readonly #end: (work: Work) => void;

  constructor(work: Work, end: (work: Work) => void) {
    this.work = work;
    this.#end = end;
  }

  progress(): void {
    this.work.lastProgressAt = Date.now();
  }

  release(): void {
    this.#end(this.work);
  }
}
