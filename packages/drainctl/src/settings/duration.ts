const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/y;

/** Longer ones do not fit a timer. */
export const MAX_DURATION_MS = 7 * UNITS.d;

/** `90s`, `15m`, `1h30m`, or seconds without a unit; in ms. @returns `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : sumOfParts(text);
  return ms !== undefined && ms <= MAX_DURATION_MS ? ms : undefined;
}

function sumOfParts(text: string): number | undefined {
  const part = new RegExp(PART);
  let sum = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (!match) return undefined;
    sum += Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  }
  return text === '' ? undefined : sum;
}

/** In the one or two largest units, for people: `6 s`, `4 min`, `1 h 5 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 5 && seconds % 60 !== 0) return `${minutes} min ${seconds % 60} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? pair(hours, 'h', minutes % 60, 'min') : pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
