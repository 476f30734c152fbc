import { expect, test } from 'vitest';
import { type Evidence, findMisses, type JournaledTurn, type Sent } from './evidence.ts';

const letter = { session: 's', text: 'hello', message_id: 'm' };
const sent: Sent = { letter, acknowledged: true, turnIds: new Set(['t']), answers: new Set(['hello']) };
const turn: JournaledTurn = {
  id: 't',
  session: 's',
  message_id: 'm',
  text: 'hello',
  status: 'done',
  reply: 'hello',
  attempts: 1,
  accepted_at: 1_000,
  started_at: 1_000,
};
const good: Evidence = {
  sent: [sent],
  drains: [{ from: 1_000, to: 9_000 }],
  journal: [turn],
  told: new Map([['t', 1]]),
  strange: [],
};

test('an observer has nothing to say where every message has its one answer, and none was let in under a drain', () => {
  expect(findMisses(good)).toEqual([]);
});

test('nor where a message was never accepted, or a turn was killed twice and said so', () => {
  const refused: Sent = { ...sent, acknowledged: false, turnIds: new Set(), answers: new Set() };
  expect(findMisses({ ...good, sent: [refused], journal: [], told: new Map() })).toEqual([]);
  const interrupted = { ...turn, status: 'interrupted', reply: null, attempts: 2 };
  const answered = { ...sent, answers: new Set(['interrupted']) };
  expect(findMisses({ ...good, sent: [answered], journal: [interrupted] })).toEqual([]);
});

test('nor where what was cut off goes on under a drain', () => {
  expect(findMisses({ ...good, journal: [{ ...turn, attempts: 2, started_at: 5_000 }] })).toEqual([]);
});

test.each<[string, Partial<Evidence>]>([
  ['accepted, and lost', { journal: [], told: new Map() }],
  [
    '2 turns for one message',
    {
      journal: [turn, { ...turn, id: 'u' }],
      told: new Map([
        ['t', 1],
        ['u', 1],
      ]),
    },
  ],
  ['answered by 2 turns', { sent: [{ ...sent, turnIds: new Set(['t', 'u']) }] }],
  ['2 different answers', { sent: [{ ...sent, answers: new Set(['hello', 'interrupted']) }] }],
  ['never answered', { sent: [{ ...sent, answers: new Set() }] }],
  ['a wrong answer', { sent: [{ ...sent, answers: new Set(['goodbye']) }] }],
  ['a turn for a message nobody sent', { sent: [] }],
  ['accepted under a drain', { journal: [{ ...turn, accepted_at: 1_001 }] }],
  ['started under a drain', { journal: [{ ...turn, started_at: 5_000 }] }],
  ['told of its end 0 times', { told: new Map() }],
  ['told of its end 2 times', { told: new Map([['t', 2]]) }],
  ['ended as failed', { journal: [{ ...turn, status: 'failed' }] }],
  ['ended as interrupted after 1 attempts', { journal: [{ ...turn, status: 'interrupted' }] }],
  ['ended as running', { journal: [{ ...turn, status: 'running' }] }],
  ['a status of 418', { strange: ['a status of 418'] }],
])('an observer notices: %s', (miss, seen) => {
  expect(findMisses({ ...good, ...seen }).join('\n')).toContain(miss);
});
