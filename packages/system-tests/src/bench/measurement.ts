/** What a value is counted in. `us` are microseconds. */
export type Unit = 'us' | 'ms' | 's' | 'per second' | 'KiB' | 'MiB' | 'calls' | '%' | 'times';

/** What a ratio or a figure has to be, at the `median` of its samples unless it says `p99`. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** The samples of one contender: one array a round. */
export interface Series {
  readonly name: string;
  readonly rounds: readonly (readonly number[])[];
}

/** Ours against something else that was measured in turn with it. */
export interface Comparison {
  readonly kind: 'comparison';
  /** What was measured: `reconcile of 5 profiles, whole process`. It names the comparison across runs. */
  readonly what: string;
  readonly unit: Unit;
  readonly statistic: 'median' | 'p99';
  readonly ours: Series;
  readonly baseline: Series;
  /** On the ratio of ours to the baseline. Without one it is shown for scale. */
  readonly target?: Target;
}

/** A value that stands for itself: a share of a core, a number of turns that slipped through. */
export interface Figure {
  readonly kind: 'figure';
  readonly what: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  readonly target?: Target;
}

/** A cost against a size. */
export interface Curve {
  readonly kind: 'curve';
  readonly what: string;
  readonly unit: Unit;
  /** What grows: `profiles`. */
  readonly over: string;
  /** Sizes from small to large, with their samples. */
  readonly points: readonly { readonly at: number; readonly samples: readonly number[] }[];
}

export type Measurement = Comparison | Figure | Curve;

/** How long and how often to measure. */
export interface Effort {
  /** Rounds of a comparison. */
  readonly rounds: number;
  /** Whether to leave out what takes long: large sizes, long silences. */
  readonly quick: boolean;
  /** Tells whoever waits what is being done. */
  tell(progress: string): void;
}

/** One group of measurements. */
export interface Bench {
  readonly name: string;
  /** What is measured, and how. */
  readonly measures: string;
  /** What it is measured against. */
  readonly baseline: string;
  run(effort: Effort): AsyncIterable<Measurement>;
}
