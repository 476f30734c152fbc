import type { DrainObservation } from '../state/schema.pure.ts';
import { MAX_AGE_SECONDS } from './schema.pure.ts';
import { type ActiveVerdict, type AnnouncedVerdict, type DrainVerdict, isDrainHeld } from './verdict.pure.ts';

/** Begins the identity of a drain whose marker has no id. */
const STRETCH = 'since:';

/**
 * Which drain a verdict is about, as a text that is the same for one drain and differs between two; `null` outside a drain. An
 * announced drain is one already.
 * It is the `request_id`. A marker without one, as the reference system writes it, is known only by the unbroken stretch
 * in which such a marker was in force, named by the first `requested_at` seen, or the time of a file that says none: a
 * refresh, which changes that time, begins no other drain, and a marker that comes after a look without one does. A marker
 * without an id in the place of one that had it is a refresh, too: the reference system's writers leave ids out. While the
 * marker cannot be looked at, the drain stays the one that it was.
 * @param previous - what this function returned at the look before; `null` at the first.
 */
export function drainIdentity(previous: string | null, verdict: DrainVerdict): string | null {
  if (verdict.reason === 'unavailable') return previous;
  if (!isDrainHeld(verdict)) return null;
  const { request_id, requested_at } = verdict.request;
  return request_id || previous || stretchSince(requested_at ?? beginningOf(verdict));
}

/** The identity of the drain that a gateway reports: older releases publish none. */
export function publishedIdentity({ identity, request_id, requested_at }: DrainObservation): string {
  return identity ?? (request_id || stretchSince(requested_at ?? 'unknown'));
}

/** Whether an identity is a request id. */
export function isNamedIdentity(identity: string): boolean {
  return !identity.startsWith(STRETCH);
}

function stretchSince(time: string | number): string {
  return `${STRETCH}${time}`;
}

/** Unix ms. */
function beginningOf({ expiresAt, request }: ActiveVerdict | AnnouncedVerdict): number {
  return Math.trunc(expiresAt - (request.max_age_seconds ?? MAX_AGE_SECONDS.default) * 1000);
}
