import { expect, test } from 'vitest';
import { planRounds } from './plan.ts';

const settings = { seed: 77, totalMs: 480_000, faults: undefined };
const means = { smallDisk: true, movableClock: true };
const plans = planRounds(settings, means);

test('two rounds that follow each other have every choice both ways', () => {
  expect(plans).toHaveLength(4);
  for (const [n, { options }] of plans.entries()) {
    const other = plans[n ^ 1]?.options;
    expect([other?.replay, other?.onDrain === 'queue']).toEqual([!options.replay, options.onDrain !== 'queue']);
    expect(other?.movableClock).toBe(!options.movableClock);
  }
  expect(new Set(plans.map(({ options }) => `${options.replay} ${options.onDrain}`)).size).toBe(4);
});

test('the seed of a round plays that round again', () => {
  for (const { options } of plans) {
    expect(planRounds({ ...settings, seed: options.seed }, means)[0]?.options).toEqual(options);
  }
});

test('what the machine cannot do, and what was not chosen, is left out', () => {
  const few = planRounds(
    { ...settings, faults: new Set(['kill', 'disk-full', 'clock']) },
    { smallDisk: false, movableClock: true },
  );
  for (const { options, strikes, troubles } of few) {
    expect(strikes.map(({ name }) => name)).toEqual(['kill']);
    expect(troubles.map(({ name }) => name)).toEqual(options.movableClock ? ['clock'] : []);
  }
});

test('a fault that does not exist is an error, not a run without faults', () => {
  expect(() => planRounds({ ...settings, faults: new Set(['kil']) }, means)).toThrow(
    /expected some of kill, .*; found kil$/,
  );
});
