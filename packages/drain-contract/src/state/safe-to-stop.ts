import type { DrainVerdict } from '../marker/verdict.ts';
import { ageOf, SAFE_STATE_TIMEOUT_MS } from './liveness.ts';
import type { GatewayStateView } from './schema.ts';

/**
 * Whether the gateway may be stopped without cutting anybody off: it is live, it has answered the drain that is in
 * force at `now` (Unix ms), no turn is in flight, and it has said so within a heartbeat: one that cannot write its state
 * any more may have gone on.
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
  return state.drain !== null && answers(state.drain, verdict.request);
}

type RequestIdentity = { readonly request_id: string | null; readonly requested_at: string | null };

/** A marker of the reference system has no id; its time stands in for one. */
function answers(drain: RequestIdentity, request: RequestIdentity): boolean {
  if (request.request_id !== null) return drain.request_id === request.request_id;
  return drain.request_id === null && drain.requested_at === request.requested_at;
}
