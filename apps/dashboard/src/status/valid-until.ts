import {
  type DrainVerdict,
  type GatewayObservation,
  HEARTBEAT_TIMEOUT_MS,
  isDrainHeld,
  isLiveReference,
  parseIsoDateTime,
  REFERENCE_LOOKS_MS,
  SAFE_STATE_TIMEOUT_MS,
} from '@hermes/drain-contract';
import type { ProfileStatus } from './read.ts';

/**
 * Unix ms up to which a status stays what it is if no file changes: a heartbeat grows too old, a drain comes into force or expires. A look
 * that failed holds for no time at all. Pure.
 */
export function validUntil({ gateway, verdict, safeToStop }: Omit<ProfileStatus, 'profile'>): number {
  if (verdict.reason === 'unavailable') return Number.NEGATIVE_INFINITY;
  if (isLiveReference(gateway)) return validForReference(gateway, verdict, safeToStop);
  const heartbeat = gateway.live ? parseIsoDateTime(gateway.state?.updated_at) : undefined;
  const timeout = safeToStop ? SAFE_STATE_TIMEOUT_MS : HEARTBEAT_TIMEOUT_MS;
  const stale = heartbeat === undefined ? Number.POSITIVE_INFINITY : heartbeat + timeout;
  const expired = isDrainHeld(verdict) ? verdict.expiresAt + 1 : Number.POSITIVE_INFINITY;
  const refuses = verdict.reason === 'announced' ? verdict.refuseAfter : Number.POSITIVE_INFINITY;
  return Math.min(stale, expired, refuses) - 1;
}

/** It has no heartbeat; that it is drained counts once it has had the time to look at the marker. */
function validForReference({ state }: GatewayObservation, verdict: DrainVerdict, safeToStop: boolean): number {
  if (!isDrainHeld(verdict)) return Number.POSITIVE_INFINITY;
  if (safeToStop || state?.gateway_state !== 'draining' || state.active_agents !== 0) return verdict.expiresAt;
  return (parseIsoDateTime(verdict.request.requested_at) ?? Number.NEGATIVE_INFINITY) + REFERENCE_LOOKS_MS - 1;
}
