import { type Entry, STRIKES, TROUBLES } from './faults/table.ts';
import type { RoundPlan } from './round.ts';

/** What this machine can do. */
export interface Means {
  readonly smallDisk: boolean;
  readonly movableClock: boolean;
}

/** Which of the low bits of a seed say what its round is like: two rounds that follow each other differ in all of them. */
const [REPLAY, QUEUE, MOVABLE_CLOCK] = [1, 2, 4] as const;
const CHANGES = [0, REPLAY | QUEUE | MOVABLE_CLOCK, REPLAY, QUEUE | MOVABLE_CLOCK] as const;

/** Far enough apart that the generators of two rounds, seeded with numbers beside these, have none in common. */
const SEED_STEP = 8_192;

export interface RunSettings {
  readonly seed: number;
  /** Length of all rounds together, in ms. */
  readonly totalMs: number;
  /** Names of the faults to have; all if `undefined`. */
  readonly faults: ReadonlySet<string> | undefined;
}

/** A round is at most this long, in ms: the shorter, the easier to understand what it finds. */
const LONGEST_ROUND_MS = 120_000;

/** What takes half a minute has a place in rounds of this length, in ms. */
const LONG_ROUND_MS = 90_000;

/**
 * Two rounds or more. The seed of a round alone, given as the seed of a run, makes the first one be that round.
 * @throws Error for a fault that does not exist.
 */
export function planRounds({ seed, totalMs, faults }: RunSettings, means: Means): RoundPlan[] {
  requireKnown(faults ?? new Set());
  const count = Math.max(2, Math.ceil(totalMs / LONGEST_ROUND_MS));
  const chosen = (entries: readonly Entry[], options: RoundPlan['options']) =>
    entries.filter(({ name, needs }) => {
      if (needs === 'a small disk' && !means.smallDisk) return false;
      if (needs === 'a movable clock' && !options.movableClock) return false;
      if (needs === 'a long round' && totalMs / count < LONG_ROUND_MS) return false;
      return faults === undefined || faults.has(name);
    });
  return Array.from({ length: count }, (_, n) => {
    const options = optionsOf(((seed + n * SEED_STEP) ^ (CHANGES[n % CHANGES.length] ?? 0)) | 0, means);
    const [strikes, troubles] = [chosen(STRIKES, options), chosen(TROUBLES, options)];
    return { options, stormMs: totalMs / count, sessions: SESSIONS, strikes, troubles };
  });
}

function requireKnown(faults: ReadonlySet<string>): void {
  const known = [...STRIKES, ...TROUBLES].map(({ name }) => name);
  const unknown = [...faults].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`faults: expected some of ${known.join(', ')}; found ${unknown.join(', ')}`);
}

const SESSIONS = 16;

function optionsOf(seed: number, means: Means): RoundPlan['options'] {
  return {
    seed,
    replay: (seed & REPLAY) !== 0,
    onDrain: (seed & QUEUE) === 0 ? 'refuse' : 'queue',
    movableClock: means.movableClock && (seed & MOVABLE_CLOCK) !== 0,
  };
}
