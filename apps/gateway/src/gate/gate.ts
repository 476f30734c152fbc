import { EventEmitter, once } from 'node:events';
import type { DrainRequestFields, DrainVerdict, LifecycleState } from '@hermes/drain-contract';

/** `external`: chat, API, schedules. `internal`: recovery after a restart, completions of background work. */
export type TurnKind = 'external' | 'internal';

/** Why no turn may start now. */
export interface Refusal {
  readonly reason: 'starting' | 'draining' | 'stopping' | 'storage-unavailable';
  /** The identity of the drain, if that is the reason. */
  readonly drain?: string | null;
  /** The request of the drain, if that is the reason. */
  readonly request?: DrainRequestFields;
  /** The problem of the storage, if that is the reason. */
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
  /** Records progress of the turn. */
  progress(): void;
  /** Records the end of the turn. @throws Error on a second call: a wrong count is worse than a crash. */
  release(): void;
}

export type Admission =
  | { readonly admitted: true; readonly permit: Permit }
  | { readonly admitted: false; readonly refusal: Refusal };

/** The inputs of an admission decision. */
export interface GateDependencies {
  /** The state of the gateway. */
  state(): LifecycleState;
  /** Reads the marker itself: the published state may be older than the request. */
  readVerdict(): DrainVerdict;
  /** The identity of the drain at the last read. */
  drain(): string | null;
  /** Why the gateway cannot read or write what it needs; `undefined` if it can. */
  storageProblem(): string | undefined;
}

/**
 * The only place that admits, refuses and counts turns. It decides and counts in one synchronous call, so that no
 * external turn can start after a begin-drain has returned. Emits `count` when the number in flight changes.
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

  /** Why a turn of this kind would be refused now; `undefined` if it would be admitted. */
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

// A class, because there are as many permits as turns in flight, and each closure in one would use memory as often.
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
