import { validate, version } from 'uuid';
import { expect, it, vi } from 'vitest';
import { newTurnId } from './turn-id.ts';

const MANY = 2_000;

it('makes ids of version 7, each of them once, that sort in the order in which they were made', () => {
  const ids = Array.from({ length: MANY }, newTurnId);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(new Set(ids).size).toBe(MANY);
  expect(ids.toSorted()).toEqual(ids);
});

it('keeps the order when the clock is set back', () => {
  const early = newTurnId();
  vi.useFakeTimers({ now: Date.now() - 3_600_000, toFake: ['Date'] });
  try {
    expect(newTurnId() > early).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
