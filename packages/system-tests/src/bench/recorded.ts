import { readFileSync } from 'node:fs';
import type { JudgedComparison } from './judge.ts';
import type { BenchReport } from './report.ts';

/** The ratio that each comparison with a target had when the table in `docs/performance.md` was made. */
export type RecordedRatios = Readonly<Record<string, { readonly ratio: number; readonly better: 'less' | 'more' }>>;

/** From this factor on, a ratio that is worse than the recorded one is no noise. */
const REGRESSION = 2;

export const RECORDED_RATIOS = new URL('recorded-ratios.json', import.meta.url);

export function readRecordedRatios(): RecordedRatios {
  return JSON.parse(readFileSync(RECORDED_RATIOS, 'utf8'));
}

/** Whether anything of that bench is held against a recorded ratio. Pure. */
export function isRecorded(bench: string, recorded: RecordedRatios): boolean {
  return Object.keys(recorded).some((key) => key.startsWith(`${bench}: `));
}

/** The ratios that a later run can be held against. Pure. */
export function ratiosOf(report: BenchReport): RecordedRatios {
  const entries = comparisonsOf(report).map(({ key, comparison }) => {
    const better = comparison.target && 'atLeast' in comparison.target ? 'more' : 'less';
    return [key, { ratio: Number(comparison.ratio.median.toPrecision(3)), better }] as const;
  });
  return Object.fromEntries(entries);
}

/** What has become worse by half or more, a line each; also what was recorded and is no longer measured. Pure. */
export function findRegressions(report: BenchReport, recorded: RecordedRatios): string[] {
  return comparisonsOf(report).flatMap(({ key, comparison: { ratio } }) => {
    const before = recorded[key];
    if (before === undefined) return [`${key}: nothing is recorded; run \`npm run bench -- --record\``];
    const isWorse =
      before.better === 'less' ? ratio.low > before.ratio * REGRESSION : ratio.high < before.ratio / REGRESSION;
    return isWorse ? [`${key}: expected a ratio of about ${before.ratio}, found ${ratio.median.toPrecision(3)}`] : [];
  });
}

/** Those with a target, at the median: a hundredth of what a short run measures is noise. */
function comparisonsOf(report: BenchReport): { readonly key: string; readonly comparison: JudgedComparison }[] {
  return report.benches.flatMap(({ name, results }) =>
    results
      .filter((result) => result.kind === 'comparison')
      .filter(({ statistic, target }) => statistic === 'median' && target !== null)
      .map((comparison) => ({ key: `${name}: ${comparison.what}`, comparison })),
  );
}
