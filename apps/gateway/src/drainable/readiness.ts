import type { LifecycleState } from '@hermes/drain-contract';

/** What a readiness probe must know. */
export interface Readiness {
  readonly state: LifecycleState;
  /** Turns in flight. */
  readonly active: number;
  /** Whether a drain is announced: turns are still admitted, but load balancers should send no new ones. */
  readonly isAnnounced: boolean;
  /** Why the server cannot read or write what it needs, if so. */
  readonly storageProblem: string | undefined;
}

/** Why a load balancer should send no new turns; `ok` if it should. */
export function readinessStatus({ state, storageProblem, isAnnounced }: Readiness): string {
  if (state !== 'running') return state;
  if (storageProblem !== undefined) return 'storage-unavailable';
  return isAnnounced ? 'announced' : 'ok';
}
