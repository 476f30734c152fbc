import { expect, test } from 'vitest';
import { backoff } from './backoff.ts';

test('waits longer and longer, up to a bound, and never less than half of it', () => {
  expect([0, 1, 2, 3, 9].map((failures) => backoff(failures, 1_000, 1))).toEqual([1_000, 1_000, 2_000, 4_000, 10_000]);
  expect(backoff(9, 1_000, 0)).toBe(5_000);
});
