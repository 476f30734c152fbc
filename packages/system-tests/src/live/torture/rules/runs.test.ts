import { expect, test } from 'vitest';
import type { History } from '../history.ts';
import { forge, life, request, run } from './forged-history.ts';
import { runViolations } from './runs.ts';

const rulesOf = (changes: Partial<History>) => runViolations(forge(changes)).map(({ rule }) => rule);
const next = { message: 's.1' };
const requests = [request(), request(next), request({ message: 'other.0' })];
const again = run({ pid: 8, startedAt: 1_100, endedAt: 1_200, aliveAt: 1_200 });
const options = { ...forge().options, replay: false };
const killed = run({ endedAt: undefined, aliveAt: 150 });

test.each<[what: string, changes: Partial<History>]>([
  ['runs one after another', { requests, runs: [run(), run({ ...next, startedAt: 200, endedAt: 300 })] }],
  ['runs of two sessions at once', { requests, runs: [run(), run({ message: 'other.0' })] }],
  ['a replay after the gateway was killed', { lives: [life()], runs: [killed, again] }],
])('no violation: %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual([]);
});

test.each<[rule: string, what: string, changes: Partial<History>]>([
  ['ran-twice', 'a second run where replay is forbidden', { options, lives: [life()], runs: [killed, again] }],
  ['ran-twice', 'a second run without a killed gateway', { runs: [killed, again] }],
  [
    'ran-twice',
    'a third run',
    { lives: [life(), life({ endedAt: 1_250 })], runs: [killed, again, run({ startedAt: 1_300 })] },
  ],
  [
    'overlap',
    'a run that starts before the one before has ended',
    { requests, runs: [run(), run({ ...next, startedAt: 199 })] },
  ],
  [
    'overlap',
    'a run that starts while the process of the one before, cut off, still lives',
    { requests, runs: [run({ endedAt: undefined, aliveAt: 500 }), run({ ...next, startedAt: 400, aliveAt: 450 })] },
  ],
  ['order', 'a message that starts before an earlier one', { requests, runs: [run(next), run({ startedAt: 300 })] }],
  ['ran-without-message', 'a run of half a message', { runs: [run(), run({ message: '' })] }],
])('%s: %s', (rule, _what, changes) => {
  expect(rulesOf(changes)).toEqual([rule]);
});
