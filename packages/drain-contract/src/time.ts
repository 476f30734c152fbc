import { z } from 'zod';

// Annotated, so that a bundle that only formats leaves zod out.
const strictIsoDateTime = /* @__PURE__ */ z.iso.datetime({ offset: true, local: true });

/** Unix time in ms of a strict ISO 8601 date-time, or `undefined`. One without an offset is UTC, as Python writes it. */
export function parseIsoDateTime(text: unknown): number | undefined {
  const parsed = strictIsoDateTime.safeParse(text);
  if (!parsed.success) return undefined;
  const hasOffset = /(Z|[+-]\d{2}:\d{2})$/.test(parsed.data);
  const time = Date.parse(hasOffset ? parsed.data : `${parsed.data}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** `time` (Unix ms) as Python's `datetime.isoformat()` writes a UTC time; every Python 3 can read it back. */
export function formatIsoDateTime(time: number): string {
  return new Date(time).toISOString().replace('Z', '000+00:00');
}
