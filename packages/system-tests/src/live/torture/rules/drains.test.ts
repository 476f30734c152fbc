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
  expect(rulesOf(changes)).toContain('started-under-drain');
});

const failed = request({ outcome: { kind: 'final', answer: { status: 'failed' } } });
const stored = request({ outcome: { kind: 'acknowledged' } });
const queue = { ...forge().options, onDrain: 'queue' as const };
const drained = { holds: [hold], releases: [cancel(400)], runs: [] };

test.each<[what: string, changes: Partial<History>]>([
  ['stored for later where messages are queued', { ...drained, options: queue, requests: [stored] }],
  ['answered after the cancel', { ...drained, releases: [cancel(240)], requests: [failed] }],
  ['sent before the drain', { ...drained, requests: [request({ sentAt: 20, outcome: { kind: 'hung' } }), failed] }],
  ['refused', { ...drained, requests: [request({ outcome: { kind: 'refused', code: 'draining' } })] }],
])('a message may be %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual([]);
});

test.each<[what: string, changes: Partial<History>]>([
  ['accepted under a drain', { ...drained, requests: [stored] }],
  ['failed under a drain, without a process', { ...drained, requests: [failed] }],
  ['failed under a drain where messages are queued', { ...drained, options: queue, requests: [failed] }],
])('a message may not be %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual(['admitted-under-drain']);
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
