import { surroundingsHere } from '../surroundings.ts';
import { type Judged, judge } from './judge.ts';
import type { Bench, Effort } from './measurement.ts';
import type { BenchReport, BenchResult } from './report.ts';

/** A bench that broke down. */
export interface Breakdown {
  readonly bench: string;
  readonly error: unknown;
}

/** Runs benches one after the other. One that breaks down does not keep the others from running. */
export async function runBenches(
  benches: readonly Bench[],
  effort: Effort,
): Promise<{ readonly report: BenchReport; readonly breakdowns: readonly Breakdown[] }> {
  const results: BenchResult[] = [];
  const breakdowns: Breakdown[] = [];
  for (const bench of benches) {
    const { name, measures, baseline } = bench;
    const started = performance.now();
    const judged: Judged[] = [];
    effort.tell(`${name} …`);
    try {
      for await (const measurement of bench.run({ ...effort, tell: (text) => effort.tell(`${name}: ${text}`) })) {
        judged.push(judge(measurement));
      }
    } catch (error) {
      breakdowns.push({ bench: name, error });
    }
    results.push({
      name,
      measures,
      baseline,
      took_s: Math.round((performance.now() - started) / 1_000),
      results: judged,
    });
  }
  const date = new Date().toISOString();
  return { report: { date, quick: effort.quick, surroundings: surroundingsHere(), benches: results }, breakdowns };
}
