/** Unix ms, and the turns in flight from then on; `null` if unknown. */
export type Sample = readonly [at: number, turns: number | null];

export const SPAN_MS = 600_000;
export const WIDTH = 600;
export const HEIGHT = 120;

const LEAST_TOP = 4;

export interface Chart {
  /** SVG paths. */
  readonly line: string;
  readonly area: string;
  /** The number at the upper edge. */
  readonly top: number;
  /** The most turns in the span; `null` when nothing is known of it. */
  readonly peak: number | null;
}

interface Step {
  readonly from: number;
  readonly to: number;
  readonly turns: number;
}

/** A step line over the {@link SPAN_MS} before `now`, with gaps for unknown values. Samples may be unsorted. */
export function chartOf(samples: readonly Sample[], now: number): Chart {
  const steps = stepsOf(samples, now);
  const peak = steps.length === 0 ? null : Math.max(...steps.map((step) => step.turns));
  const top = roundUp(Math.max(LEAST_TOP, peak ?? 0));
  const x = (at: number) => round(((at - now + SPAN_MS) / SPAN_MS) * WIDTH);
  const y = (turns: number) => round(HEIGHT - (turns / top) * HEIGHT);
  const runs = runsOf(steps);
  return {
    line: runs.map((run) => stairs(run, x, y)).join(''),
    area: runs.map((run) => `${stairs(run, x, y)}V${HEIGHT}H${x(run[0]?.from ?? now)}Z`).join(''),
    top,
    peak,
  };
}

/** Where `at` lies between the left and the right edge; `null` outside. */
export function positionOf(at: number, now: number): number | null {
  const position = round(((at - now + SPAN_MS) / SPAN_MS) * WIDTH);
  return position >= 0 && position <= WIDTH ? position : null;
}

/** The server's samples and those that came later, seen by the page itself. */
export function joinSamples(recorded: readonly Sample[], seen: readonly Sample[]): readonly Sample[] {
  const last = recorded.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  return [...recorded, ...seen.filter(([at]) => at > last)];
}

function stepsOf(samples: readonly Sample[], now: number): Step[] {
  const sorted = samples.toSorted(([a], [b]) => a - b);
  return sorted.flatMap(([at, turns], index): Step[] => {
    const from = Math.max(at, now - SPAN_MS);
    const to = Math.min(sorted[index + 1]?.[0] ?? now, now);
    return turns === null || to <= from ? [] : [{ from, to, turns }];
  });
}

/** Steps that follow each other without a gap. */
function runsOf(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    if (run?.at(-1)?.to === step.from) run.push(step);
    else runs.push([step]);
  }
  return runs;
}

function stairs(run: readonly Step[], x: (at: number) => number, y: (turns: number) => number): string {
  return run.map((step, index) => `${start(step, index)}H${x(step.to)}`).join('');

  function start(step: Step, index: number): string {
    return index === 0 ? `M${x(step.from)} ${y(step.turns)}` : `V${y(step.turns)}`;
  }
}

/** The next of 4, 5, 10, 20, 50, 100 and so on. */
function roundUp(number: number): number {
  if (number <= LEAST_TOP) return LEAST_TOP;
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= number) ?? number;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
