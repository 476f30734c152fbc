import { expect, test } from 'vitest';
import { clock, count, distance, duration } from './ages.ts';

test.each([
  [-5_000, '0 s'],
  [6_999, '6 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [273_600_000, '3 d 4 h'],
])('%i ms are %s', (ms, text) => {
  expect(duration(ms).replaceAll('\u00a0', ' ')).toBe(text);
});

test('a breath ahead of our clock is no future', () => {
  const shown = [-6_000, 999, 1_000].map((ahead) => distance(10_000 + ahead, 10_000).replaceAll('\u00a0', ' '));
  expect(shown).toEqual(['6 s ago', '0 s ago', 'in 1 s']);
});

test('a time of another day says which', () => {
  const at = new Date(2026, 10, 21, 14, 2, 11).getTime();
  expect(clock(at, at + 60_000)).toBe('14:02:11');
  expect(clock(at, at + 86_400_000)).toBe('21 Nov 14:02:11');
});

test('one is not many', () => {
  expect([count(1, 'turn'), count(0, 'turn'), count(2, 'turn')]).toEqual(['1 turn', '0 turns', '2 turns']);
});
