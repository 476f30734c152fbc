import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { Comparison, Curve, Figure } from './measurement.ts';

const comparison = (ours: number[][], baseline: number[][], rest: Partial<Comparison> = {}) =>
  judge({
    kind: 'comparison',
    what: 'a thing',
    unit: 'ms',
    statistic: 'median',
    ours: { name: 'ours', rounds: ours },
    baseline: { name: 'theirs', rounds: baseline },
    ...rest,
  });

const figure = (samples: number[], target?: Figure['target']) =>
  judge({ kind: 'figure', what: 'a thing', unit: '%', samples, ...(target ? { target } : {}) });

const curve = (cost: (size: number) => number) => {
  const points = [10, 100, 1_000, 10_000].map((at) => ({ at, samples: [cost(at)] }));
  return judge({ kind: 'curve', what: 'a thing', unit: 'ms', over: 'things', points } satisfies Curve);
};

describe('a comparison', () => {
  it('takes the ratio round by round, so that a slow round is slow for both', () => {
    expect(comparison([[2], [20], [2]], [[1], [10], [1]])).toMatchObject({ ratio: { median: 2, low: 2, high: 2 } });
  });

  it('takes the statistic that it is asked for', () => {
    const many = Array.from({ length: 101 }, (_, index) => index);
    const ones = [1, 1, 1];
    expect(comparison([many], [ones], { statistic: 'median' })).toMatchObject({ ratio: { median: 50 } });
    expect(comparison([many], [ones], { statistic: 'p99' })).toMatchObject({ ratio: { median: 99 } });
  });

  it.each([
    [{ atMost: 3 }, 'met'],
    [{ atMost: 1 }, 'missed'],
    [{ atMost: 2 }, 'undecided'],
    [{ atLeast: 1 }, 'met'],
    [{ atLeast: 3 }, 'missed'],
    [{ atLeast: 2 }, 'undecided'],
  ])('that strays from 1.5 to 2.5 against %j is %s', (target, verdict) => {
    const rounds = [[1.5], [1.5], [2], [2.5], [2.5]];
    expect(comparison(rounds, Array(5).fill([1]), { target })).toMatchObject({ verdict });
  });

  it('without a target is for scale', () => {
    expect(comparison([[1]], [[1]])).toMatchObject({ verdict: 'for scale' });
  });

  it('of nothing is a fault', () => {
    expect(() => comparison([[1]], [[]])).toThrow('nothing was measured');
  });
});

describe('a figure', () => {
  it.each([
    [[0, 0, 0], { atMost: 0 }, 'met'],
    [[1, 1], { atMost: 0 }, 'missed'],
    [[0, 1], { atMost: 0.5 }, 'undecided'],
    [[5], undefined, 'for scale'],
  ])('of %j against %j is %s', (samples, target, verdict) => {
    expect(figure(samples, target)).toMatchObject({ verdict });
  });
});

describe('a curve', () => {
  it.each([
    ['none', () => 7],
    ['none', (size: number) => Math.log(size) / 50 + 7],
    ['less than linear', (size: number) => Math.sqrt(size)],
    ['linear', (size: number) => 3 * size + 40],
    ['more than linear', (size: number) => size * Math.log2(size) ** 2],
  ])('grows %s', (growth, cost) => {
    expect(curve(cost)).toMatchObject({ growth });
  });
});
