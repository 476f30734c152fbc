const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/** A number and its unit stay on one line. */
const SPACE = '\u00a0';

/** A duration in readable precision: `6 s`, `4 min`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  // Two clocks are never quite the same: what just began must not be a negative age.
  const age = Math.max(0, ms);
  if (age < 2 * MINUTE) return `${whole(age, SECOND)}${SPACE}s`;
  if (age < HOUR) return `${whole(age, MINUTE)}${SPACE}min`;
  if (age < DAY) return twoUnits(age, HOUR, 'h', MINUTE, 'min');
  return twoUnits(age, DAY, 'd', HOUR, 'h');
}

/** How long ago a time was, or how soon it will be: `6 s ago`, `in 4 min`. */
export function distance(at: number, now: number): string {
  return at - now < SECOND ? `${duration(now - at)} ago` : `in ${duration(at - now)}`;
}

/** A time of day, `14:02:11`; with the day before it when that is another one. */
export function clock(time: number, now: number): string {
  const at = new Date(time);
  const timeOfDay = at.toLocaleTimeString('en-GB');
  if (at.toDateString() === new Date(now).toDateString()) return timeOfDay;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${timeOfDay}`;
}

/** A time with its zone, and in UTC: `Sat, 28 Nov 2026, 18:02:11 CET (17:02:11 UTC)`. */
export function withZone(time: number): string {
  const at = new Date(time);
  const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const local = at.toLocaleString('en-GB', { ...day, ...CLOCK, timeZoneName: 'short' });
  return `${local} (${at.toLocaleTimeString('en-GB', { ...CLOCK, timeZone: 'UTC' })} UTC)`;
}

/** `one turn` or `3 turns`, in figures. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function twoUnits(age: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = whole(age % large, small);
  return `${whole(age, large)}${SPACE}${largeName}${rest > 0 ? ` ${rest}${SPACE}${smallName}` : ''}`;
}

function whole(ms: number, unit: number): number {
  return Math.floor(ms / unit);
}
