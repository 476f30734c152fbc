import { expect, test } from 'vitest';
import { chartOf, HEIGHT, joinSamples, positionOf, type Sample, SPAN_MS, WIDTH } from './chart.ts';

const NOW = 1_000_000_000;

test('a staircase goes from the left edge to now, and its area to the ground', () => {
  const samples: Sample[] = [
    [NOW - 2 * SPAN_MS, 1],
    [NOW - SPAN_MS / 2, 4],
  ];
  const { line, area, top, peak } = chartOf(samples, NOW);
  expect(line).toBe(`M0 90H${WIDTH / 2}V0H${WIDTH}`);
  expect(area).toBe(`${line}V${HEIGHT}H0Z`);
  expect({ top, peak }).toEqual({ top: 4, peak: 4 });
});

test('there is a gap for unknown values', () => {
  const samples: Sample[] = [
    [NOW - 300_000, 2],
    [NOW - 200_000, null],
    [NOW - 100_000, 0],
  ];
  expect(chartOf(samples, NOW).line.match(/M/g)).toHaveLength(2);
});

test('nothing known is nothing drawn', () => {
  expect(chartOf([], NOW)).toEqual({ line: '', area: '', top: 4, peak: null });
  expect(chartOf([[NOW + 5, 3]], NOW).line).toBe('');
});

test.each([
  [3, 4],
  [5, 5],
  [6, 10],
  [11, 20],
  [10_000, 10_000],
  [10_001, 20_000],
])('%i turns fit under %i', (turns, top) => {
  expect(chartOf([[NOW - 1_000, turns]], NOW).top).toBe(top);
});

test('the samples of the page follow those of the server', () => {
  const recorded: Sample[] = [[1, 1]];
  expect(
    joinSamples(recorded, [
      [0, 5],
      [2, 2],
    ]),
  ).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(joinSamples([], [[0, 5]])).toEqual([[0, 5]]);
});

test('a time outside of the span has no place', () => {
  expect([positionOf(NOW, NOW), positionOf(NOW - SPAN_MS - 1_000, NOW)]).toEqual([WIDTH, null]);
});
