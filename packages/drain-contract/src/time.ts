import { z } from 'zod';

// Annotated, so that a bundle that only formats leaves zod out. The expression alone, without the rest of a check: each
// look at a marker or a state takes it.
const STRICT_ISO_DATE_TIME = /* @__PURE__ */ z.regexes.datetime({ offset: true, local: true });

/** Unix time in ms of a strict ISO 8601 date-time, or `undefined`. One without an offset is UTC, as Python writes it. */
export function parseIsoDateTime(text: unknown): number | undefined {
  if (typeof text !== 'string' || !STRICT_ISO_DATE_TIME.test(text)) return undefined;
  const hasOffset = /(Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = Date.parse(hasOffset ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** `time` (Unix ms) as Python's `datetime.isoformat()` writes a UTC time; every Python 3 can read it back. */
export function formatIsoDateTime(time: number): string {
  return new Date(time).toISOString().replace('Z', '000+00:00');
}
