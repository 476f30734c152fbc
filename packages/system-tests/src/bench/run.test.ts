import { expect, it } from 'vitest';
import type { Bench, Figure } from './measurement.ts';
import { renderBenchReport } from './report.ts';
import { runBenches } from './run.ts';

const zeros: Figure = {
  kind: 'figure',
  what: 'zeros | ones',
  unit: '%',
  samples: [0, 1, 1_234.5],
  target: { atMost: 1 },
};

const bench = (name: string, fails: boolean): Bench => ({
  name,
  measures: 'Nothing.',
  baseline: 'nothing.',
  async *run() {
    yield zeros;
    if (fails) throw new Error('broke');
  },
});

it('goes on when one breaks down, and keeps what that had measured', async () => {
  const told: string[] = [];
  const effort = { rounds: 1, quick: true, tell: (text: string) => told.push(text) };
  const { report, breakdowns } = await runBenches([bench('first', true), bench('second', false)], effort);
  expect(report.benches.map(({ name, results }) => [name, results.length])).toEqual([
    ['first', 1],
    ['second', 1],
  ]);
  expect(breakdowns).toEqual([{ bench: 'first', error: new Error('broke') }]);
  expect(told).toEqual(['first …', 'second …']);
  expect(renderBenchReport(report)).toContain('| zeros \\| ones | **1 %** (0.2–988) | ≤ 1 % | undecided |');
});
