/** The longest accepted wait, in ms. */
const LONGEST_MS = 3_600_000;

/** Ms that a `Retry-After` header (RFC 9110: seconds, or a date) asks for, or `undefined` when it says nothing. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : dateOf(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_MS);
}

/** Only what begins with a day's name: `Date.parse` would also find a year in `-1`. */
function dateOf(text: string): number {
  return /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
}
