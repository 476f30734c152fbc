import type { Rng } from '../rng.ts';

/** What no reader takes for a JSON object. */
const GARBAGE = ['', '{', '{"action":"dr', '[]', 'null', '\0\0\0\0', 'x'.repeat(70_000)] as const;

export function drawGarbage(rng: Rng): string {
  return rng.pick(GARBAGE);
}
