import { expect, test } from 'vitest';
import type { History, Outcome } from '../history.ts';
import { forge, MESSAGE, PID, REPLY, request, row, run, TURN } from './forged-history.ts';
import { messageViolations } from './messages.ts';

const rulesOf = (changes: Partial<History>) => messageViolations(forge(changes)).map(({ rule }) => rule);
const final = (status: 'done' | 'failed' | 'interrupted', reply?: string): Outcome => ({
  kind: 'final',
  answer: { status, reply },
  turnId: TURN,
});
const acknowledged: Outcome = { kind: 'acknowledged', turnId: TURN };
const refused: Outcome = { kind: 'refused', code: 'draining' };
const unknown: Outcome = { kind: 'unknown', why: 'ECONNRESET' };

test.each<[what: string, changes: Partial<History>]>([
  ['answered', {}],
  [
    'acknowledged, and answered the same twice',
    { requests: [request({ outcome: acknowledged }), request(), request()] },
  ],
  ['refused, and accepted later', { requests: [request({ sentAt: 0, endedAt: 10, outcome: refused }), request()] }],
  ['refused for good', { requests: [request({ outcome: refused })], runs: [], rows: [] }],
  ['stored, and answered to nobody', { requests: [request({ outcome: unknown })] }],
  ['interrupted', { requests: [request({ outcome: final('interrupted') })], runs: [run({ endedAt: undefined })] }],
])('no violation: a message that is %s', (_what, changes) => {
  expect(rulesOf(changes)).toEqual([]);
});

test.each<[rule: string, what: string, changes: Partial<History>]>([
  ['lost', 'acknowledged, and not in the journal', { rows: [] }],
  ['lost', 'acknowledged, and never ended', { rows: [row({ ended_at: null, status: 'accepted' })] }],
  ['no-answer', 'acknowledged, and never answered', { requests: [request({ outcome: acknowledged })] }],
  ['two-turns', 'in the journal twice', { rows: [row(), row({ id: 't1' })] }],
  [
    'two-turns',
    'answered with two ids',
    { requests: [request(), request({ outcome: { kind: 'acknowledged', turnId: 't1' } })] },
  ],
  ['two-answers', 'done, then interrupted', { requests: [request(), request({ outcome: final('interrupted') })] }],
  [
    'two-answers',
    'done by one run, then by another',
    {
      requests: [request(), request({ outcome: final('done', `${MESSAGE} 8`) })],
      runs: [run(), run({ pid: 8, startedAt: 300, endedAt: 400 })],
    },
  ],
  [
    'wrong-answer',
    'answered with the reply to another',
    { requests: [request({ outcome: final('done', `s.1 ${PID}`) })] },
  ],
  ['wrong-answer', 'answered in half', { requests: [request({ outcome: final('done', REPLY.slice(0, -1)) })] }],
  ['wrong-answer', 'answered although cut off', { runs: [run({ endedAt: undefined })] }],
  ['ran-although-refused', 'run, and only ever refused', { requests: [request({ outcome: refused })], rows: [] }],
  [
    'ran-although-refused',
    'run before it was sent again after a refusal',
    { requests: [request({ sentAt: 0, endedAt: 10, outcome: refused }), request({ sentAt: 150 })] },
  ],
  ['hung', 'neither answered nor refused', { requests: [request(), request({ outcome: { kind: 'hung' } })] }],
  ['strange-answer', 'a teapot', { requests: [request(), request({ outcome: { kind: 'strange', what: '418' } })] }],
  ['unknown-turn', 'in the journal, and never sent', { requests: [], runs: [] }],
])('%s: a message that is %s', (rule, _what, changes) => {
  expect(rulesOf(changes)).toEqual([rule]);
});
