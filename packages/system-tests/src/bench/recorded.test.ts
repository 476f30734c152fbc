import { expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { Target } from './measurement.ts';
import { findRegressions, ratiosOf } from './recorded.ts';
import type { BenchReport } from './report.ts';

const report = (ratios: number[], target: Target): BenchReport => ({
  date: '2026-01-02T03:04:05.000Z',
  quick: true,
  surroundings: {} as BenchReport['surroundings'],
  benches: [
    {
      name: 'thing',
      measures: '',
      baseline: '',
      took_s: 1,
      results: [
        judge({
          kind: 'comparison',
          what: 'speed',
          unit: 'ms',
          statistic: 'median',
          ours: { name: 'ours', rounds: ratios.map((ratio) => [ratio]) },
          baseline: { name: 'theirs', rounds: ratios.map(() => [1]) },
          target,
        }),
      ],
    },
  ],
});

it.each([
  [[1.2, 1.3], [2.9, 3.5], { atMost: 2 }, 1],
  [[1.2, 1.3], [1.2, 9], { atMost: 2 }, 0],
  [[1.2, 1.3], [0.1], { atMost: 2 }, 0],
  [[0.9], [0.3, 0.4], { atLeast: 0.8 }, 1],
  [[0.9], [0.3, 0.9], { atLeast: 0.8 }, 0],
  [[0.9], [5], { atLeast: 0.8 }, 0],
])('ratios of %j that were %j are told only when even the best is twice as bad', (before, after, target, count) => {
  const recorded = ratiosOf(report(before, target));
  expect(findRegressions(report(after, target), recorded)).toHaveLength(count);
});

it('tells what nobody recorded', () => {
  expect(findRegressions(report([1], { atMost: 2 }), {})).toEqual([expect.stringContaining('thing: speed')]);
});
