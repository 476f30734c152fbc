const LONGEST_MS = 10_000;

/** How long to wait before the next attempt; `chance` (0 to 1) spreads those who lost the same server. */
export function backoff(failures: number, baseMs: number, chance: number): number {
  const longest = Math.min(LONGEST_MS, baseMs * 2 ** Math.max(0, failures - 1));
  return Math.round(longest * (0.5 + chance / 2));
}
