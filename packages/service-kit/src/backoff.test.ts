import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('doubles the wait with each failure, up to the last', () => {
  const waits = [0, 1, 2, 3, 4, 5].map((failures) => backoffMs(failures, { firstRetryMs: 100, lastRetryMs: 1_000 }));
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

it('stays at the last wait, however often it fails', () => {
  expect(backoffMs(100_000, { firstRetryMs: 100, lastRetryMs: 5_000 })).toBe(5_000);
});
