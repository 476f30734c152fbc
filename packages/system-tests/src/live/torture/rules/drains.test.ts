import { expect, test } from 'vitest';
import type { History } from '../history.ts';
import { drainViolations } from './drains.ts';
import { forge, request, run } from './forged-history.ts';

const rulesOf = (changes: Partial<History>) => drainViolations(forge(changes)).map(({ rule }) => rule);
const hold = { from: 30, since: 40, requestId: 'r' };
const cancel = (from: number, to = from + 5) => ({ from, to, why: 'cancel' });
const requests = [request(), request({ message: 's.1' })];
const waited = run({ message: 's.1', startedAt: 220, endedAt: 240 });
const late = { from: 110, since: 120, requestId: 'r' };

test.each<[what: string, changes: Partial<History>]>([
  ['sent before the drain', { holds: [{ ...hold, since: 60 }] }],
  ['sent after the cancel', { holds: [hold], releases: [cancel(45)] }],
  ['begun after the cancel was sent', { holds: [hold], releases: [cancel(99)] }],
  ['beside a drain that was cancelled at the same time', { holds: [hold], releases: [cancel(35)] }],
  ['beside a begin that nobody answered', { holds: [{ ...hold, since: undefined }] }],
  ['a replay of what started before', { holds: [late], runs: [run(), run({ startedAt: 300 })] }],
  ['queued, and started after the cancel', { requests, holds: [late], releases: [cancel(210)], runs: [run(), waited] }],
])('a run may start: %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual([]);
});

test.each<[what: string, changes: Partial<History>]>([
  ['sent under the drain', { holds: [hold] }],
  ['sent under the drain, which is cancelled later', { holds: [hold], releases: [cancel(101)] }],
  [
    'sent after a refresh that came after a cancel',
    { holds: [{ ...hold, from: 10, since: 15 }, hold], releases: [cancel(20)] },
  ],
  ['queued behind a run that ended under the drain', { requests, holds: [late], runs: [run(), waited] }],
])('a run may not start: %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual(['started-under-drain']);
});

test.each<[what: string, changes: Partial<History>]>([
  ['before the run', { safe: [{ from: 90, to: 99 }] }],
  ['answered after the run had ended', { safe: [{ from: 150, to: 201 }] }],
  ['asked before the run had started', { safe: [{ from: 99, to: 150 }] }],
  [
    'after the process was last seen',
    { runs: [run({ endedAt: undefined, aliveAt: 140 })], safe: [{ from: 150, to: 160 }] },
  ],
])('it may be safe to stop: %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual([]);
});

test.each<[what: string, changes: Partial<History>]>([
  ['while an agent works', { safe: [{ from: 150, to: 160 }] }],
  ['while a process that was cut off lives', { runs: [run({ endedAt: undefined })], safe: [{ from: 150, to: 160 }] }],
])('it may not be safe to stop: %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual(['safe-while-running']);
});
