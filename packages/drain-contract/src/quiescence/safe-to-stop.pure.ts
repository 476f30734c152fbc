import { drainIdentity, publishedIdentity } from '../marker/identity.ts';
import type { DrainVerdict } from '../marker/verdict.pure.ts';
import { ageOf, SAFE_STATE_TIMEOUT_MS } from '../state/liveness.pure.ts';
import type { DrainObservation, GatewayStateView } from '../state/schema.pure.ts';

/**
 * Whether the gateway may be stopped without interrupting a turn: it is live, it has acknowledged the drain that is in
 * force at `now` (Unix ms), no turn is in flight, and it has said so within a heartbeat: one that cannot write its state
 * any more may have gone on. For a marker without an id, `state` has to be read after the marker: an account without an
 * id may else be that of a drain that has been cancelled since.
 */
export function isSafeToStop(
  state: GatewayStateView | undefined,
  live: boolean,
  verdict: DrainVerdict,
  now: number,
): boolean {
  if (!live || !state || !verdict.active || state.gateway_state !== 'draining' || state.active_agents !== 0)
    return false;
  if (!(ageOf(state, now) < SAFE_STATE_TIMEOUT_MS)) return false;
  return state.drain !== null && answers(state.drain, verdict);
}

/** A marker without an id continues the gateway's drain without an id. */
function answers(drain: DrainObservation, verdict: DrainVerdict): boolean {
  const published = publishedIdentity(drain);
  return drainIdentity(published, verdict) === published;
}
