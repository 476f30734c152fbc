import type { FileSighting } from '../files/sighting.ts';
import { type DrainRequestFields, type ParsedMarker, parseMarker } from './parse.ts';
import { isPythonTruthy } from './python-truth.ts';
import { type DrainRequestBody, MAX_AGE_SECONDS } from './schema.ts';

/**
 * Why a drain is in force: the marker is of the current epoch; it names none; the current one is not known, so that
 * there is nothing to compare with; or its bytes are not a JSON object, and quiet is the safe answer.
 */
export type ActiveReason = 'current' | 'no-epoch' | 'epoch-unknown' | 'corrupt';

/**
 * Why no drain is in force: there is no marker; what is there cannot be read as a regular file; it is of another epoch
 * than the current one; or nobody has refreshed it within its max age.
 */
export type InactiveReason = 'absent' | 'unreadable' | 'stale-epoch' | 'expired';

/** What a reader concludes from the marker; `active` tells the two kinds apart. */
export type DrainVerdict = ActiveVerdict | InactiveVerdict;

/** A drain is in force. */
export interface ActiveVerdict {
  /** New turns are to be refused. */
  readonly active: true;
  /** Why. */
  readonly reason: ActiveReason;
  /** The marker's JSON object; `{}` when it is corrupt. */
  readonly body: DrainRequestBody;
  /** What the marker asks for. */
  readonly request: DrainRequestFields;
  /** Unix ms. Up to and including this instant the verdict stays active if nobody touches the marker. */
  readonly expiresAt: number;
}

/** No drain is in force. */
export interface InactiveVerdict {
  /** New turns are welcome, as far as the marker is concerned. */
  readonly active: false;
  /** Why. */
  readonly reason: InactiveReason;
  /** `undefined` when there is no marker to read; otherwise as in an active verdict. */
  readonly body?: DrainRequestBody;
  /** What the marker would ask for; there whenever `body` is. */
  readonly request?: DrainRequestFields;
  /** The errno name, when the marker is unreadable. */
  readonly code?: string;
}

/** Everything a verdict depends on. */
export interface VerdictInput {
  /** What a look at the marker's file found. */
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
  if (marker.kind === 'unreadable') return { active: false, reason: 'unreadable', code: marker.code };
  const { body, fields: request } = marker;
  const reason = marker.kind === 'corrupt' ? 'corrupt' : epochReason(body.epoch, epoch);
  if (reason === 'stale-epoch') return { active: false, reason, body, request };
  const expiresAt = marker.since + (request.max_age_seconds ?? MAX_AGE_SECONDS.default) * 1000;
  if (now > expiresAt) return { active: false, reason: 'expired', body, request };
  return { active: true, reason, body, request, expiresAt };
}

/** Lenient on purpose: only a definite mismatch makes a marker stale. */
function epochReason(stamped: unknown, current: string): 'no-epoch' | 'epoch-unknown' | 'current' | 'stale-epoch' {
  if (!isPythonTruthy(stamped)) return 'no-epoch';
  if (current === '') return 'epoch-unknown';
  return stamped === current ? 'current' : 'stale-epoch';
}
