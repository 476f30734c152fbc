import { drainIdentity, publishedIdentity } from '../marker/identity.ts';
import type { DrainVerdict } from '../marker/verdict.pure.ts';
import { ageOf, SAFE_STATE_TIMEOUT_MS } from '../state/liveness.pure.ts';
import { isOfReferenceSystem } from '../state/reference.pure.ts';
import type { DrainObservation, GatewayStateView } from '../state/schema.pure.ts';
import { parseIsoDateTime } from '../time.ts';

/**
 * Whether the gateway may be stopped without interrupting a turn: it is live, it has acknowledged the drain that is in
 * force at `now` (Unix ms), no turn is in flight, and it has said so within a heartbeat: one that cannot write its state
 * any more may have gone on. For a marker without an id, `state` has to be read after the marker: an account without an
 * id may else be that of a drain that has been cancelled since.
 * A gateway of the reference system publishes neither its drain nor a heartbeat: it is safe when it said so after the drain
 * had begun, or when it still says so a few looks at the marker after the last refresh.
 * @param beganAt - when the drain began, in Unix ms. Default: at the time in its marker.
 */
export function isSafeToStop(
  state: GatewayStateView | undefined,
  live: boolean,
  verdict: DrainVerdict,
  now: number,
  beganAt?: number,
): boolean {
  if (!live || !state || !verdict.active || state.gateway_state !== 'draining' || state.active_agents !== 0)
    return false;
  if (isOfReferenceSystem(state)) return saidSince(state, verdict, now, beganAt);
  if (!(ageOf(state, now) < SAFE_STATE_TIMEOUT_MS)) return false;
  return state.drain !== null && answers(state.drain, verdict);
}

/** The reference system's gateways look at the marker each second. */
export const REFERENCE_LOOKS_MS = 5_000;

function saidSince(state: GatewayStateView, verdict: DrainVerdict, now: number, beganAt?: number): boolean {
  const requestedAt = parseIsoDateTime(verdict.request?.requested_at) ?? Number.NaN;
  const saidAt = parseIsoDateTime(state.updated_at) ?? Number.NaN;
  return saidAt >= (beganAt ?? requestedAt) || now - requestedAt >= REFERENCE_LOOKS_MS;
}

/** A marker without an id continues the gateway's drain without an id. */
function answers(drain: DrainObservation, verdict: DrainVerdict): boolean {
  const published = publishedIdentity(drain);
  return drainIdentity(published, verdict) === published;
}
