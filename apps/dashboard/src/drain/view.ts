import { type DrainVerdict, formatIsoDateTime, isDrainHeld } from '@hermes/drain-contract';
import type { z } from 'zod';
import type { ProfileStatus } from '../status/read.ts';
import { drainAnswer, expiredAt, gatewayView } from '../status/view.ts';
import type { DrainView, holderSchema } from './schemas.ts';

/** The answer of `GET /api/gateway/drain`. */
export function drainView({ profile, gateway, verdict, safeToStop }: ProfileStatus): DrainView {
  return {
    profile,
    ...holderOf(verdict),
    suppress_notification: verdict.request?.suppress_notification ?? false,
    expires_at: isDrainHeld(verdict) ? formatIsoDateTime(verdict.expiresAt) : null,
    expired_at: expiredAt(verdict),
    refuse_after: verdict.request?.refuse_after ?? null,
    verdict: { active: verdict.active, reason: verdict.reason, code: verdict.active ? null : (verdict.code ?? null) },
    gateway: { ...gatewayView(gateway), drain: drainAnswer(gateway) },
    safe_to_stop: safeToStop,
  };
}

/** The requester of the verdict's drain. */
export function holderOf({ request }: DrainVerdict): z.infer<typeof holderSchema> {
  return {
    request_id: request?.request_id ?? null,
    requested_at: request?.requested_at ?? null,
    principal: request?.principal ?? null,
    reason: request?.reason ?? null,
  };
}

/** Whether waiting for "drained" is over: it is drained, or cannot become so. A look that failed does not end it. */
export function isSettled({ verdict, safeToStop }: ProfileStatus): boolean {
  return safeToStop || !(isDrainHeld(verdict) || verdict.reason === 'unavailable');
}
