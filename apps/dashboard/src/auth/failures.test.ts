import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FailedAttempts } from './failures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('locks an address out after ten failures, for what is left of a minute', async () => {
  const failures = new FailedAttempts();
  for (let count = 0; count < 10; count += 1) {
    expect(await failures.lockedFor('a')).toBe(0);
    expect(await failures.count('a')).toBe(0);
  }
  expect(await failures.lockedFor('a')).toBe(60);
  expect(await failures.lockedFor('b')).toBe(0);
  vi.advanceTimersByTime(20_000);
  expect(await failures.count('a')).toBe(40);
  vi.advanceTimersByTime(40_001);
  expect(await failures.lockedFor('a')).toBe(0);
});
