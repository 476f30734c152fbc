import type { DrainVerdict } from '../marker/verdict.ts';
import type { GatewayStateView } from './schema.ts';

/**
 * Whether the gateway may be stopped without cutting anybody off: it is live, it has answered the drain that is in
 * force now, and no turn is in flight.
 */
export function isSafeToStop(state: GatewayStateView | undefined, live: boolean, verdict: DrainVerdict): boolean {
  if (!live || !state || !verdict.active || state.gateway_state !== 'draining' || state.active_agents !== 0)
    return false;
  return state.drain !== null && answers(state.drain, verdict.request);
}

type RequestIdentity = { readonly request_id: string | null; readonly requested_at: string | null };

/** A marker of the reference system has no id; its time stands in for one. */
function answers(drain: RequestIdentity, request: RequestIdentity): boolean {
  if (request.request_id !== null) return drain.request_id === request.request_id;
  return drain.request_id === null && drain.requested_at === request.requested_at;
}
