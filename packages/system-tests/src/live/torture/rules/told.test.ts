import { expect, test } from 'vitest';
import type { History } from '../history.ts';
import { event, forge, row, TURN } from './forged-history.ts';
import { toldViolations } from './told.ts';

const rulesOf = (changes: Partial<History>) => toldViolations(forge(changes)).map(({ rule }) => rule);
const ended = event(1, 'turn', { turn_id: TURN });
const draining = (seq: number) => event(seq, 'notice', { notice: 'draining' });
const back = (seq: number) => event(seq, 'notice', { notice: 'back' });
const notice = (drain: string) => ({ session: 's', drain, back_at: 3 });
const hold = (requestId: string | undefined) =>
  ({ from: 0, since: requestId && 1, requestId }) as History['holds'][number];

const one = { holds: [hold('a')], notices: [notice('a')] };
const two = { holds: [hold('a'), hold('b')], notices: [notice('a'), notice('b')] };
const garbage = { name: 'marker', detail: '', from: 0, to: 9 };

test.each<[what: string, changes: Partial<History>]>([
  ['nothing but the end of its turn', {}],
  ['one drain and its end', { ...one, events: [ended, draining(2), back(3)] }],
  ['two drains and the end of both', { ...two, events: [ended, draining(2), draining(3), back(4)] }],
  ['a begin that was not answered', { ...one, holds: [hold(undefined)], events: [ended, draining(2), back(3)] }],
  ['a marker that is garbage', { ...one, holds: [], faults: [garbage], events: [ended, draining(2), back(3)] }],
])('a session may be told: %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual([]);
});

test.each<[rule: string, what: string, changes: Partial<History>]>([
  ['turn-events', 'nothing of the end of a turn', { events: [] }],
  ['turn-events', 'of the end of a turn twice', { events: [ended, { ...ended, seq: 2 }] }],
  ['turn-events', 'of the end of a turn that has not ended', { rows: [row({ ended_at: null })] }],
  ['notices', 'of one drain twice', { ...one, events: [ended, draining(2), draining(3), back(4)] }],
  ['notices', 'nothing of a drain that counts as told', { ...one, events: [ended] }],
  ['notices', 'of a drain that was never begun', { ...one, holds: [], events: [ended, draining(2), back(3)] }],
  ['notices', 'of the end of a drain twice', { ...one, events: [ended, draining(2), back(3), back(4)] }],
  ['notices', 'of the end of a drain it never heard of', { events: [ended, back(2)] }],
  ['notices', 'never of the end of a drain', { ...one, events: [ended, draining(2)] }],
])('%s: a session may not be told %s', (rule, _what, changes) => {
  expect(rulesOf(changes)).toEqual([rule]);
});
