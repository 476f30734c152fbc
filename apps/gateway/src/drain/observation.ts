import { type DrainObservation, type DrainVerdict, formatIsoDateTime } from '@hermes/drain-contract';

/**
 * The published state of the current drain; `null` outside a drain.
 * @param previous the state before. @param identity of the drain of the verdict. @param active turns in flight. @param
 * now Unix ms.
 */
export function observeDrain(
  previous: DrainObservation | null,
  verdict: DrainVerdict,
  identity: string | null,
  active: number,
  now: number,
): DrainObservation | null {
  if (!verdict.active || identity === null) return null;
  const { principal, requested_at } = verdict.request;
  const same = previous?.identity === identity ? previous : null;
  const time = formatIsoDateTime(now);
  return {
    identity,
    // The reference system's writers refresh a marker without them.
    request_id: verdict.request.request_id || (same?.request_id ?? null),
    principal,
    reason: verdict.request.reason ?? same?.reason ?? null,
    requested_at,
    observed_at: same?.observed_at ?? time,
    drained_at: active > 0 ? null : (same?.drained_at ?? time),
  };
}
