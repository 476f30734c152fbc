import { expect, test } from 'vitest';
import { forEach } from './each.ts';

test('each item is done once, a few at a time, and a failure stops no other', async () => {
  const done: (readonly [number, unknown])[] = [];
  let running = 0;
  let most = 0;
  await forEach(
    Array.from({ length: 25 }, (_, index) => index),
    async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (item === 3) throw new Error('no');
    },
    (item, error) => done.push([item, error]),
  );
  expect(most).toBe(4);
  expect(done.map(([item]) => item).sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index));
  expect(done.filter(([, error]) => error !== undefined)).toEqual([[3, new Error('no')]]);
});
