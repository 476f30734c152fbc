import { expect, test } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

/** A task whose runs end when they are told to. */
function controlled() {
  const ends: ((outcome: number | Error) => void)[] = [];
  const task = new OneAtATime(() => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    ends.push((outcome) => (typeof outcome === 'number' ? resolve(outcome) : reject(outcome)));
    return promise;
  });
  return { task, ends };
}

test('those who ask while it runs share the next run, however many they are', async () => {
  const { task, ends } = controlled();
  const first = task.run();
  const later = Array.from({ length: 100 }, () => task.run());
  expect(ends).toHaveLength(1);
  ends[0]?.(1);
  expect(await first).toBe(1);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.(2);
  expect(new Set(await Promise.all(later))).toEqual(new Set([2]));
  expect(ends).toHaveLength(2);
});

test('a run that fails fails for those who asked for it, and the next one runs', async () => {
  const { task, ends } = controlled();
  const first = task.run();
  const second = task.run();
  ends[0]?.(new Error('unreadable'));
  await expect(first).rejects.toThrow('unreadable');
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.(2);
  expect(await second).toBe(2);
  const third = task.run();
  ends[2]?.(3);
  expect(await third).toBe(3);
});
