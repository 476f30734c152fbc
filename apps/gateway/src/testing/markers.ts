import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DRAIN_REQUEST_FILENAME,
  type DrainRequestFields,
  type DrainVerdict,
  formatIsoDateTime,
} from '@hermes/drain-contract';

/** Where a home has its marker. */
export function markerPath(home: string): string {
  return join(home, DRAIN_REQUEST_FILENAME);
}

/** A marker of now with these fields, as a file holds it. */
export function markerText(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({ action: 'drain', requested_at: formatIsoDateTime(Date.now()), ...fields });
}

/** Puts a marker into a home at once, in place: no writer of ours does that, others may. */
export function putMarker(home: string, fields: Record<string, unknown> = {}): void {
  writeFileSync(markerPath(home), markerText(fields));
}

export const ABSENT: DrainVerdict = { active: false, reason: 'absent' };

/** A drain request with these fields. */
export function drainRequest(fields: Partial<DrainRequestFields> = {}): DrainRequestFields {
  return {
    request_id: 'request-1',
    principal: 'alice',
    reason: 'upgrade',
    requested_at: '2026-01-01T00:00:00.000000+00:00',
    suppress_notification: false,
    max_age_seconds: null,
    refuse_after: null,
    ...fields,
  };
}

/** An active verdict on a marker with these fields. */
export function activeVerdict(fields: Partial<DrainRequestFields> = {}): DrainVerdict {
  const request = drainRequest(fields);
  return { active: true, reason: 'current', body: {}, request, expiresAt: Date.now() + 60_000 };
}
