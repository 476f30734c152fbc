import { expect, test } from 'vitest';
import { composeReport, type Point, renderReport } from './report.ts';

const surroundings = {
  commit: 'abc',
  node: 'v24.0.0',
  s6: '2.11',
  kernel: '6.1',
  system: 'Debian 12',
  processor: 'chip',
  cores: 2,
  memory_gb: 8,
};
const run = { started: 0, ended: 65_000, surroundings };
const good: Point = {
  group: 'the checklist',
  name: 'a drain | is observed',
  result: 'passed',
  took_ms: 5,
  figures: { published_after_ms: 12, memory: '60 -> 61 MB', seed: 7 },
  errors: [],
};
const bad: Point = {
  ...good,
  name: 'it is safe',
  result: 'failed',
  figures: {},
  errors: ['expected this,\nfound that'],
};

test('a report tells in a line whether all is well, and of each point what was measured', () => {
  const report = composeReport([good], [], run);
  expect(report).toMatchObject({ passed: true, took_s: 65, seed: 7, date: '1970-01-01T00:01:05.000Z' });
  expect(renderReport(report)).toBe(`# Live gate: passed, 1 of 1 points

1970-01-01T00:01:05.000Z, took 65 s, seed 7

commit abc, node v24.0.0, s6 2.11, kernel 6.1; on Debian 12, 2 × chip, 8 GB

## The checklist

| | point | figures |
| --- | --- | --- |
| ok | a drain \\| is observed | published after 12 ms, memory 60 -> 61 MB, seed 7 |
`);
});

test('a report of a miss is not a good one, and says what it was', () => {
  const report = composeReport([good, bad], [], run);
  expect(report.passed).toBe(false);
  expect(renderReport(report)).toContain('# Live gate: FAILED, 1 of 2 points');
  expect(renderReport(report)).toContain('| **FAILED** | it is safe | **expected this, found that** |');
});

test.each<[string, Point[], string[]]>([
  ['a point that was skipped', [good, { ...good, result: 'skipped' }], []],
  ['no point at all', [], []],
  ['an error outside of any point', [good], ['it broke']],
])('%s is a miss, too', (_what, points, errors) => {
  expect(composeReport(points, errors, run).passed).toBe(false);
});
