import { quantileSorted } from 'simple-statistics';
import type { Comparison, Curve, Figure, Measurement, Series, Target, Unit } from './measurement.ts';

/** `undecided`: the noise of this run is larger than the distance to the target. `for scale`: there is no target. */
export type Verdict = 'met' | 'missed' | 'undecided' | 'for scale';

/** A value and how far it strayed: the 10th and the 90th percentile of what was seen. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What the samples of one contender come to. */
export interface Summary {
  readonly name: string;
  readonly median: number;
  readonly p99: number;
  readonly samples: number;
}

export interface JudgedComparison {
  readonly kind: 'comparison';
  readonly what: string;
  readonly unit: Unit;
  readonly statistic: 'median' | 'p99';
  readonly ours: Summary;
  readonly baseline: Summary;
  /** Ours to the baseline, round by round. */
  readonly ratio: Spread;
  readonly target: Target | null;
  readonly verdict: Verdict;
}

export interface JudgedFigure {
  readonly kind: 'figure';
  readonly what: string;
  readonly unit: Unit;
  readonly value: Spread;
  readonly target: Target | null;
  readonly verdict: Verdict;
}

/** How a cost grows with its size. */
export type Growth = 'none' | 'less than linear' | 'linear' | 'more than linear';

export interface JudgedCurve {
  readonly kind: 'curve';
  readonly what: string;
  readonly unit: Unit;
  readonly over: string;
  readonly points: readonly { readonly at: number; readonly value: Spread }[];
  /** Over the upper half of the sizes: a fixed cost hides growth at the lower ones. */
  readonly growth: Growth;
}

export type Judged = JudgedComparison | JudgedFigure | JudgedCurve;

/** What a measurement says. Pure. */
export function judge(measurement: Measurement): Judged {
  if (measurement.kind === 'comparison') return judgeComparison(measurement);
  return measurement.kind === 'figure' ? judgeFigure(measurement) : judgeCurve(measurement);
}

function judgeComparison({ what, unit, statistic, ours, baseline, target }: Comparison): JudgedComparison {
  const ratios = ours.rounds.map((samples, round) => {
    const other = baseline.rounds[round] ?? [];
    return at(samples, QUANTILE[statistic]) / at(other, QUANTILE[statistic]);
  });
  const ratio = spreadOf(ratios);
  return {
    kind: 'comparison',
    what,
    unit,
    statistic,
    ours: summarise(ours),
    baseline: summarise(baseline),
    ratio,
    target: target ?? null,
    verdict: verdictOf(ratio, target),
  };
}

function judgeFigure({ what, unit, samples, target }: Figure): JudgedFigure {
  const value = spreadOf(samples);
  return { kind: 'figure', what, unit, value, target: target ?? null, verdict: verdictOf(value, target) };
}

function judgeCurve({ what, unit, over, points }: Curve): JudgedCurve {
  const spreads = points.map(({ at, samples }) => ({ at, value: spreadOf(samples) }));
  return { kind: 'curve', what, unit, over, points: spreads, growth: growthOf(spreads) };
}

const QUANTILE = { median: 0.5, p99: 0.99 } as const;

function verdictOf({ low, high }: Spread, target: Target | undefined): Verdict {
  if (target === undefined) return 'for scale';
  const isMet = (value: number) => ('atMost' in target ? value <= target.atMost : value >= target.atLeast);
  if (isMet(low) && isMet(high)) return 'met';
  return isMet(low) || isMet(high) ? 'undecided' : 'missed';
}

/** From the exponent of the power law through the points of the upper half. */
function growthOf(points: JudgedCurve['points']): Growth {
  const upper = points.slice(Math.floor((points.length - 1) / 2));
  const [first, last] = [upper.at(0), upper.at(-1)];
  if (!first || !last || first === last) throw new Error('a curve needs at least two points');
  const steps = Math.log(last.at / first.at);
  const exponent =
    Math.log(Math.max(last.value.median, Number.EPSILON) / Math.max(first.value.median, Number.EPSILON)) / steps;
  if (exponent < 0.15) return 'none';
  if (exponent < 0.85) return 'less than linear';
  return exponent < 1.15 ? 'linear' : 'more than linear';
}

function summarise({ name, rounds }: Series): Summary {
  const samples = rounds.flat();
  return { name, median: at(samples, 0.5), p99: at(samples, 0.99), samples: samples.length };
}

function spreadOf(samples: readonly number[]): Spread {
  return { median: at(samples, 0.5), low: at(samples, 0.1), high: at(samples, 0.9) };
}

function at(samples: readonly number[], quantile: number): number {
  if (samples.length === 0) throw new Error('nothing was measured');
  return quantileSorted(
    samples.toSorted((a, b) => a - b),
    quantile,
  );
}
