import { decodeJsonObject } from '../files/decode.pure.ts';
import type { FileSighting } from '../files/sighting.ts';
import { shownText } from '../text.pure.ts';
import { parseIsoDateTime } from '../time.ts';
import { isPythonTruthy } from './python-truth.pure.ts';
import { type DrainRequestBody, MAX_AGE_SECONDS, MAX_PRINCIPAL_LENGTH, MAX_REASON_LENGTH } from './schema.pure.ts';

/**
 * The fields of a marker that concern us, each checked; `null` where a marker does not say. Texts are plain, on one
 * line and short, so that they can be shown as they are.
 */
export interface DrainRequestFields {
  /** The id of the drain; a refresh keeps it. Markers of the reference system have none. */
  readonly request_id: string | null;
  /** Who asked. */
  readonly principal: string | null;
  /** Why. */
  readonly reason: string | null;
  /** `requested_at` as in the marker, which may not be a date-time. */
  readonly requested_at: string | null;
  /** Whether it asks for a quiet shutdown; any truthy value does, as in the reference system. */
  readonly suppress_notification: boolean;
  /** Seconds; `null` where the marker has none or one out of bounds. */
  readonly max_age_seconds: number | null;
  /** Until when the drain is only announced; `null` where the marker has no date-time there. */
  readonly refuse_after: string | null;
}

/** The content of a marker, independent of the clock and of the reader. */
export type ParsedMarker =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'unavailable'; readonly code: string }
  | {
      readonly kind: 'corrupt' | 'object';
      /** `{}` for a corrupt marker. */
      readonly body: DrainRequestBody;
      readonly fields: DrainRequestFields;
      /** Unix ms; `undefined` when `requested_at` is not a strict date-time. */
      readonly requestedAt: number | undefined;
      /** Unix ms; `undefined` when `refuse_after` is not a strict date-time. */
      readonly refuseAfter: number | undefined;
      /** Unix ms of the file. */
      readonly mtimeMs: number;
    };

/** Interprets the result of a read of the marker. Total: any bytes have a meaning. */
export function parseMarker(sighting: FileSighting): ParsedMarker {
  if (sighting.kind !== 'bytes') return sighting;
  const body = decodeJsonObject(sighting.bytes);
  return {
    kind: body === undefined ? 'corrupt' : 'object',
    body: body ?? {},
    fields: fieldsOf(body ?? {}),
    requestedAt: parseIsoDateTime(body?.requested_at),
    refuseAfter: parseIsoDateTime(body?.refuse_after),
    mtimeMs: sighting.mtimeMs,
  };
}

function fieldsOf(body: DrainRequestBody): DrainRequestFields {
  return {
    request_id: shownText(body.request_id, 100),
    principal: shownText(body.principal, MAX_PRINCIPAL_LENGTH),
    reason: shownText(body.reason, MAX_REASON_LENGTH),
    requested_at: shownText(body.requested_at, 100),
    suppress_notification: isPythonTruthy(body.suppress_notification),
    max_age_seconds: maxAgeOf(body.max_age_seconds),
    refuse_after: parseIsoDateTime(body.refuse_after) === undefined ? null : shownText(body.refuse_after, 100),
  };
}

function maxAgeOf(value: unknown): number | null {
  const inBounds = typeof value === 'number' && value >= MAX_AGE_SECONDS.min && value <= MAX_AGE_SECONDS.max;
  return inBounds ? value : null;
}
