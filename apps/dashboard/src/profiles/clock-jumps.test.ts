import { expect, test } from 'vitest';
import { ClockJumps } from './clock-jumps.ts';

const DAY_MS = 86_400_000;

test.each([2 * DAY_MS, -2 * DAY_MS])('a clock that is set by %d ms has jumped once', (ms) => {
  const clock = { wall: 5 * DAY_MS, steady: 0 };
  const jumps = new ClockJumps(
    () => clock.wall,
    () => clock.steady,
  );
  expect(jumps.hasJumped()).toBe(false);
  clock.wall += ms;
  expect([jumps.hasJumped(), jumps.hasJumped()]).toEqual([true, false]);
});

test('time that passes, and a clock that is slewed, are no jump', () => {
  const clock = { wall: 5 * DAY_MS, steady: 0 };
  const jumps = new ClockJumps(
    () => clock.wall,
    () => clock.steady,
  );
  for (let look = 0; look < 100; look += 1) {
    clock.wall += 60_500;
    clock.steady += 60_000;
    expect(jumps.hasJumped()).toBe(false);
  }
});
