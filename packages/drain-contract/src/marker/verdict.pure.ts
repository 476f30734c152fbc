import type { FileSighting } from '../files/sighting.ts';
import { type DrainRequestFields, type ParsedMarker, parseMarker } from './parse.pure.ts';
import { isPythonTruthy } from './python-truth.pure.ts';
import { type DrainRequestBody, LEAD_SECONDS, MAX_AGE_SECONDS } from './schema.pure.ts';

/**
 * Why a drain is in force: the marker is of the current epoch; it names none; the current one is not known, so that
 * there is nothing to compare with; or its bytes are not a JSON object, and quiet is the safe answer.
 */
export type ActiveReason = 'current' | 'no-epoch' | 'epoch-unknown' | 'corrupt';

/**
 * Why no drain is in force: there is no marker; what is there cannot be read as a regular file; it is of another epoch
 * than the current one; or it was not refreshed within its max age. `unavailable` is none of these: the read failed,
 * so a drain may be in force all the same. The last verdict stands; without one, turns are refused.
 */
export type InactiveReason = 'absent' | 'unreadable' | 'unavailable' | 'stale-epoch' | 'expired';

/** The largest accepted clock skew, in ms: a date further ahead comes from a wrong clock. */
export const MAX_AHEAD_MS = 300_000;

/**
 * A `refuse_after` further than this after the beginning of the drain counts for nothing, in ms. Measured from there, so that
 * it never becomes usable by the passing of time: a gateway that refuses must not begin to admit.
 */
const MAX_LEAD_MS = LEAD_SECONDS.max * 1000 + MAX_AHEAD_MS;

/** The conclusion of a reader from the marker. */
export type DrainVerdict = ActiveVerdict | AnnouncedVerdict | InactiveVerdict;

/** A drain is in force. */
export interface ActiveVerdict {
  /** The gateway refuses new turns. */
  readonly active: true;
  /** Why. */
  readonly reason: ActiveReason;
  /** The marker's JSON object; `{}` when it is corrupt. */
  readonly body: DrainRequestBody;
  /** The request in the marker. */
  readonly request: DrainRequestFields;
  /** Unix ms. Up to and including this instant the verdict stays active unless the marker changes. */
  readonly expiresAt: number;
}

/** A drain will be in force: the gateway still accepts turns, but load balancers must send it no new ones. */
export interface AnnouncedVerdict {
  /** The gateway accepts new turns until `refuseAfter`. */
  readonly active: false;
  /** Why. */
  readonly reason: 'announced';
  /** The marker's JSON object. */
  readonly body: DrainRequestBody;
  /** The request in the marker. */
  readonly request: DrainRequestFields;
  /** Unix ms. From this instant on the drain is in force. */
  readonly refuseAfter: number;
  /** Unix ms, as in an active verdict. */
  readonly expiresAt: number;
  /** Never set: the marker could be read. */
  readonly code?: undefined;
}

/** No drain is in force, or none that can be seen now: see `reason`. */
export interface InactiveVerdict {
  /** The marker allows new turns, except while it is `unavailable`. */
  readonly active: false;
  /** Why. */
  readonly reason: InactiveReason;
  /** `undefined` when there is no marker to read; otherwise as in an active verdict. */
  readonly body?: DrainRequestBody;
  /** The request in the marker; set whenever `body` is. */
  readonly request?: DrainRequestFields;
  /** The errno name, when the marker is unreadable or unavailable. */
  readonly code?: string;
}

/** All inputs of a verdict. */
export interface VerdictInput {
  /** The result of a read of the marker. */
  readonly marker: FileSighting;
  /** Epoch of the gateway the marker is for; `''` when unknown. */
  readonly epoch: string;
  /** Unix ms. */
  readonly now: number;
}

/** The verdict on a marker. Pure and total: never throws, whatever the bytes. */
export function drainVerdict(input: VerdictInput): DrainVerdict {
  return judgeMarker(parseMarker(input.marker), input.epoch, input.now);
}

/** The verdict on a marker that has been parsed before, for readers that look more often than the marker changes. */
export function judgeMarker(marker: ParsedMarker, epoch: string, now: number): DrainVerdict {
  if (marker.kind === 'absent') return { active: false, reason: 'absent' };
  if ('code' in marker) return { active: false, reason: marker.kind, code: marker.code };
  const { body, fields: request } = marker;
  const reason = marker.kind === 'corrupt' ? 'corrupt' : epochReason(body.epoch, epoch);
  if (reason === 'stale-epoch') return { active: false, reason, body, request };
  const since = beginning(marker, now);
  const expiresAt = (since ?? Number.NaN) + (request.max_age_seconds ?? MAX_AGE_SECONDS.default) * 1000;
  // Without a time that can be, as after the clock was set back by a day: it must not last for that day.
  if (since === undefined || now > expiresAt) return { active: false, reason: 'expired', body, request };
  const { refuseAfter } = marker;
  if (refuseAfter !== undefined && now < refuseAfter && refuseAfter - since <= MAX_LEAD_MS) {
    return { active: false, reason: 'announced', body, request, refuseAfter, expiresAt };
  }
  return { active: true, reason, body, request, expiresAt };
}

/** Whether a drain is in force or announced: then it has a holder, who may refresh or cancel it. */
export function isDrainHeld(verdict: DrainVerdict): verdict is ActiveVerdict | AnnouncedVerdict {
  return verdict.active || verdict.reason === 'announced';
}

/** When the drain began, in Unix ms: at its date, else at the mtime of its file; `undefined` when neither can be. */
function beginning({ requestedAt, mtimeMs }: Dated, now: number): number | undefined {
  return [requestedAt, mtimeMs].find((time) => time !== undefined && !(time > now + MAX_AHEAD_MS));
}

type Dated = Extract<ParsedMarker, { readonly mtimeMs: number }>;

/** Lenient on purpose: only a definite mismatch makes a marker stale. */
function epochReason(stamped: unknown, current: string): 'no-epoch' | 'epoch-unknown' | 'current' | 'stale-epoch' {
  if (!isPythonTruthy(stamped)) return 'no-epoch';
  if (current === '') return 'epoch-unknown';
  return stamped === current ? 'current' : 'stale-epoch';
}
