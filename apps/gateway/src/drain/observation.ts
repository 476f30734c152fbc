import { type DrainObservation, type DrainVerdict, formatIsoDateTime } from '@hermes/drain-contract';

/**
 * The gateway's account of the drain it is in, `null` outside one.
 * @param previous the account before. @param active turns in flight. @param now Unix ms.
 */
export function observeDrain(
  previous: DrainObservation | null,
  verdict: DrainVerdict,
  active: number,
  now: number,
): DrainObservation | null {
  if (!verdict.active) return null;
  const { request_id, principal, reason, requested_at } = verdict.request;
  const same = isSameDrain(previous, verdict.request) ? previous : null;
  const time = formatIsoDateTime(now);
  return {
    request_id,
    principal,
    reason,
    requested_at,
    observed_at: same?.observed_at ?? time,
    drained_at: active > 0 ? null : (same?.drained_at ?? time),
  };
}

type Identity = Pick<DrainObservation, 'request_id'>;

/** Whether both are accounts of one drain; `null` is none. */
export function isSameDrain(one: Identity | null, other: Identity | null): boolean {
  return one !== null && other !== null && one.request_id === other.request_id;
}
