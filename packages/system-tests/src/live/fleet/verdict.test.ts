import { expect, test } from 'vitest';
import { outOfOrder, overlaps, wrongAnswers } from './verdict.pure.ts';

const run = (message: string, startedAt: number, endedAt?: number, gateway = 'gw1') => ({
  gateway,
  session: message.split('-')[0] ?? '',
  message,
  startedAt,
  endedAt,
});

test('runs of a session overlap when one starts before the other has ended', () => {
  const [a, b, c, other] = [run('s-0', 0, 10), run('s-1', 9, 20), run('s-2', 20, 30), run('t-0', 0, 30)];
  expect(overlaps([a, b, c, other])).toEqual([[a, b]]);
  expect(overlaps([run('s-0', 0), c])).toHaveLength(1);
});

test('a cut-off gateway explains only what overlaps elsewhere while it is cut off', () => {
  const [early, late] = [run('s-0', 0, 50, 'gw1'), run('s-0', 20, 60, 'gw2')];
  expect(overlaps([early, late], [{ gateway: 'gw1', from: 10, to: 30 }])).toEqual([]);
  expect(overlaps([early, late], [{ gateway: 'gw1', from: 30, to: 40 }])).toHaveLength(1);
  expect(overlaps([early, late], [{ gateway: 'gw2', from: 10, to: 30 }])).toEqual([]);
  expect(overlaps([early, late], [{ gateway: 'gw3', from: 10, to: 30 }])).toHaveLength(1);
  const alone = [run('s-0', 0, 50), run('s-1', 20, 60)];
  expect(overlaps(alone, [{ gateway: 'gw1', from: 10, to: 30 }])).toHaveLength(1);
});

test('a repeated start does not break the order', () => {
  expect(outOfOrder([run('s-0', 0), run('s-1', 1), run('s-1', 2), run('t-0', 3)])).toEqual([]);
  expect(outOfOrder([run('s-1', 0), run('s-0', 1)])).toEqual(['s-0']);
});

test('an answer is right when it is stored once and each client heard it', () => {
  const turn = { message_id: 'm', session: 's', status: 'done', attempts: 1, reply: 'yes' };
  const heard = { id: 'm', replies: new Set(['yes']), turnIds: new Set(['1']) };
  const wrong = (message: object, ...turns: (typeof turn)[]) =>
    wrongAnswers([{ ...heard, ...message }], turns, () => 'yes').length;
  expect(wrong({}, turn)).toBe(0);
  expect([wrong({}), wrong({}, turn, turn), wrong({}, { ...turn, reply: 'no' })]).toEqual([1, 1, 1]);
  expect([wrong({ replies: new Set() }, turn), wrong({ turnIds: new Set(['1', '2']) }, turn)]).toEqual([1, 1]);
  const interrupted = { ...turn, status: 'interrupted', attempts: 2, reply: '' };
  expect(wrong({ replies: new Set(['interrupted']) }, interrupted)).toBe(0);
  expect(wrong({ replies: new Set(['interrupted']) }, { ...interrupted, attempts: 1 })).toBe(1);
});
