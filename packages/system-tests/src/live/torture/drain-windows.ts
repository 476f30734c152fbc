import type { Hold, Interval, Release } from './history.ts';

/**
 * When a drain was in force for certain: from an answered begin until something that may have ended it. A begin beside
 * such a thing proves nothing, as nobody knows which came first. Sorted, without overlaps.
 */
export function drainWindows(holds: readonly Hold[], releases: readonly Release[]): Interval[] {
  const ends = new Map<number, number>();
  for (const { from, since } of holds) {
    if (since === undefined || releases.some((release) => release.from <= since && release.to >= from)) continue;
    const to = Math.min(...releases.filter((release) => release.from > since).map((release) => release.from), Infinity);
    ends.set(to, Math.min(since, ends.get(to) ?? Infinity));
  }
  return [...ends].map(([to, from]) => ({ from, to })).toSorted((a, b) => a.from - b.from);
}
