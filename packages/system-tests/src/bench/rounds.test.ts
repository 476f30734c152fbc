import { expect, it } from 'vitest';
import { inTurn } from './rounds.ts';

it('measures in turn, from both ends, and throws the warm-up away', async () => {
  const calls: string[] = [];
  const contender = (name: string) => ({
    name,
    round: () => {
      calls.push(name);
      return [calls.length];
    },
  });
  const [a, b] = await inTurn([contender('a'), contender('b')], { rounds: 2 });
  expect(calls.join('')).toBe('baabba');
  expect(a).toEqual({ name: 'a', rounds: [[3], [6]] });
  expect(b).toEqual({ name: 'b', rounds: [[4], [5]] });
});
