import { expect, test } from 'vitest';
import { historyPage, pastTurn } from '../testing.ts';
import * as model from './timeline.ts';

const { EMPTY, written } = model;

function message(messageId: string, text = messageId) {
  return { messageId, text, pictures: [], at: '2026-11-29T10:00:01Z' };
}

const summary = ({ entries }: model.Timeline) => entries.map(({ key, state, reply }) => [key, state, reply]);

test('a message is sent, waits, grows its reply and ends with the whole one', () => {
  let timeline = written(EMPTY, message('m1'));
  expect(model.nextToSend(timeline)?.key).toBe('m1');
  timeline = model.stored(timeline, 'm1', { turn_id: 't1', status: 'accepted' });
  expect([model.currentTurn(timeline), model.nextToSend(timeline)]).toEqual(['t1', undefined]);
  timeline = model.streamed(timeline, 't1', 'hel');
  expect(summary(timeline)).toEqual([['m1', 'running', 'hel']]);
  timeline = model.told(timeline, { turn_id: 't1', status: 'done', reply: 'hello' });
  expect(summary(timeline)).toEqual([['m1', 'done', 'hello']]);
  expect(model.currentTurn(timeline)).toBeNull();
});

test('what comes late changes no end', () => {
  let timeline = model.stored(written(EMPTY, message('m1')), 'm1', { turn_id: 't1', status: 'done', reply: 'hello' });
  timeline = model.streamed(timeline, 't1', 'hel');
  timeline = model.told(timeline, { turn_id: 't1', status: 'running' });
  timeline = model.stored(timeline, 'm1', { turn_id: 't1', status: 'accepted' });
  expect(summary(timeline)).toEqual([['m1', 'done', 'hello']]);
});

test('the history of the gateway finds a message whose confirmation was lost, and keeps its picture', () => {
  const pictures = [{ name: 'a.png', url: 'data:image/png;base64,AA==' }];
  const timeline = written(EMPTY, { ...message('m1'), pictures });
  const page = historyPage([pastTurn(1), pastTurn(2, { message_id: 'm1', text: 'm1', status: 'running', reply: '' })]);
  const merged = model.withPage(timeline, page);
  expect(summary(merged)).toEqual([
    ['turn-1', 'done', 'reply 1'],
    ['m1', 'running', ''],
  ]);
  expect(merged.entries[1]?.pictures).toEqual(pictures);
  expect(model.currentTurn(merged)).toBe('turn-2');
});

test('messages that the gateway does not know stay behind those that it knows', () => {
  const timeline = model.withPage(written(EMPTY, message('m9')), historyPage([pastTurn(1), pastTurn(2)]));
  expect(timeline.entries.map(({ key }) => key)).toEqual(['turn-1', 'turn-2', 'm9']);
});

test('older pages come before, and only they move the place where older turns begin', () => {
  let timeline = model.withPage(EMPTY, historyPage([pastTurn(3), pastTurn(4)], 3));
  timeline = model.withPage(timeline, historyPage([pastTurn(3), pastTurn(4), pastTurn(5)], 3));
  expect(timeline.before).toBe(3);
  timeline = model.withPage(timeline, historyPage([pastTurn(1), pastTurn(2)], null), true);
  expect(timeline.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(timeline.before).toBeNull();
});

test('after a gap, only the newest page is shown', () => {
  let timeline = written(model.withPage(EMPTY, historyPage([pastTurn(1), pastTurn(2)], null)), message('m9'));
  timeline = model.withPage(timeline, historyPage([pastTurn(70), pastTurn(71)], 70));
  expect(timeline.entries.map(({ key }) => key)).toEqual(['turn-70', 'turn-71', 'm9']);
  expect(timeline.before).toBe(70);
});

test('the place in the queue counts the messages that are answered before', () => {
  let timeline = EMPTY;
  for (const id of ['m1', 'm2', 'm3']) {
    timeline = model.stored(written(timeline, message(id)), id, { turn_id: id, status: 'accepted' });
  }
  expect(['m1', 'm2', 'm3'].map((id) => model.placeOf(timeline, id))).toEqual([0, 1, 2]);
  timeline = model.told(timeline, { turn_id: 'm1', status: 'failed', problem: 'broken' });
  expect(['m2', 'm3'].map((id) => model.placeOf(timeline, id))).toEqual([0, 1]);
});

test('only a message that was not sent can be withdrawn or sent again', () => {
  const refused = model.unsent(written(EMPTY, message('m1')), 'm1', 'draining');
  expect(model.nextToSend(refused)).toBeUndefined();
  expect(model.nextToSend(model.sending(refused, 'm1'))?.problem).toBeNull();
  expect(model.withdrawn(refused, 'm1').entries).toEqual([]);
  expect(model.withdrawn(written(EMPTY, message('m1')), 'm1').entries).toHaveLength(1);
});

test('another journal leaves only the messages that are not confirmed', () => {
  const timeline = model.withPage(written(EMPTY, message('m9')), historyPage([pastTurn(1)], 1));
  expect(summary(model.forgotten(timeline))).toEqual([['m9', 'sending', '']]);
  expect(model.forgotten(timeline).before).toBeUndefined();
});

test('a notice stands once, after the message that was the last one', () => {
  let timeline = written(EMPTY, message('m1'));
  timeline = model.noticed(model.noticed(timeline, 'x-1', 'back'), 'x-1', 'back');
  expect(timeline.notices).toEqual([{ key: 'x-1', text: 'back', after: 'm1' }]);
});
