import { describe, expect, it } from 'vitest';
import { STEADY_MS, SteadyClock } from './steady-clock.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = 100 * DAY;

/** A clock that the test controls: `run` lets time pass, `step` sets the wall clock. Both also read it. */
function clock() {
  const reading = { wall: NOW, monotonic: 5 };
  const steady = new SteadyClock(() => ({ ...reading }));
  steady.now();
  const run = (ms: number) => {
    for (let passed = 0; passed < ms; passed += MINUTE) {
      reading.wall += MINUTE;
      reading.monotonic += MINUTE;
      steady.now();
    }
    return steady.now();
  };
  const step = (ms: number) => {
    reading.wall += ms;
    return steady.now();
  };
  return { run, step };
}

describe('a SteadyClock', () => {
  it('is believed when it has run for an hour', () => {
    const { run } = clock();
    expect(run(STEADY_MS - MINUTE)).toBeUndefined();
    expect(run(MINUTE)).toBe(NOW + STEADY_MS);
    expect(run(30 * DAY)).toBe(NOW + STEADY_MS + 30 * DAY);
  });

  it.each([2 * DAY, -2 * DAY])('is not believed for an hour after it was set by %d ms', (ms) => {
    const { run, step } = clock();
    run(STEADY_MS);
    expect(step(ms)).toBeUndefined();
    expect(run(STEADY_MS - MINUTE)).toBeUndefined();
    expect(run(MINUTE)).toBe(NOW + 2 * STEADY_MS + ms);
  });

  it('is not believed while it is wrong for less than an hour, and for an hour after it was set right', () => {
    const { run, step } = clock();
    run(STEADY_MS);
    step(2 * DAY);
    expect(run(30 * MINUTE)).toBeUndefined();
    expect(step(-2 * DAY)).toBeUndefined();
    expect(run(STEADY_MS - MINUTE)).toBeUndefined();
    expect(run(MINUTE)).toBe(NOW + 2 * STEADY_MS + 30 * MINUTE);
  });

  it('may be slewed', () => {
    const { run, step } = clock();
    run(30 * MINUTE);
    expect(step(5_000)).toBeUndefined();
    expect(run(30 * MINUTE)).toBe(NOW + STEADY_MS + 5_000);
  });
});
