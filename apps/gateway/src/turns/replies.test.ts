import { expect, it } from 'vitest';
import type { ReplyPiece } from '../journal/fleet.ts';
import { movedOn } from '../testing/moved-on.ts';
import { turn as record } from '../testing/turns.ts';
import { Replies } from './replies.ts';
import { Turn } from './turn.ts';

const DONE = { status: 'done', problem: null, endedAt: 9 } as const;

function running(): Turn {
  const turn = Turn.takeOver({ ...record('a'), seq: 1, bytes: 1 });
  turn.start(5, { text: 'hello', form: null });
  return turn;
}

/** The turn as another gateway follows it. */
function followed(attempts = 1): Turn {
  const turn = Turn.takeOver({ ...record('a'), seq: 1, bytes: 1 });
  turn.follow({ status: 'running', attempts, startedAt: 5 });
  return turn;
}

it('a reply is sent from its beginning, piece by piece as it grows, once to all', async () => {
  const pieces: ReplyPiece[] = [];
  const replies = new Replies({ sendPiece: (piece) => void pieces.push(piece) });
  const turn = running();
  turn.append('one ');
  const first = replies.send(turn);
  await movedOn();
  turn.append('two');
  await movedOn();
  expect(pieces).toEqual([
    { turn: 'a', attempt: 1, offset: 0, text: 'one ' },
    { turn: 'a', attempt: 1, offset: 4, text: 'two' },
  ]);
  const second = replies.send(turn);
  await first;
  await movedOn();
  turn.append('!');
  turn.settle({ ...DONE, reply: 'one two!' });
  await second;
  expect(pieces.slice(2).map(({ offset }) => offset)).toEqual([0, 4, 7]);
});

it('pieces are taken once and in order, and the end adds what is missing', () => {
  const turn = followed();
  const pieces = [
    { attempt: 1, offset: 0, text: 'one ' },
    { attempt: 1, offset: 0, text: 'one two' },
    { attempt: 1, offset: 9, text: 'lost its predecessor' },
    { attempt: 2, offset: 7, text: 'of another start' },
  ];
  for (const piece of pieces) turn.appendPiece(piece);
  expect(turn.reply).toBe('one two');
  turn.settle({ ...DONE, reply: 'one two three' });
  expect([turn.reply, turn.isStreamWhole]).toEqual(['one two three', true]);
});

it('a reply that was started again does not continue the pieces of the first start', () => {
  const turn = followed();
  turn.appendPiece({ attempt: 1, offset: 0, text: 'once upon' });
  turn.follow({ status: 'running', attempts: 2, startedAt: 7 });
  turn.appendPiece({ attempt: 2, offset: 9, text: ' a time' });
  turn.settle({ ...DONE, reply: 'another story' });
  expect([turn.reply, turn.isStreamWhole]).toEqual(['another story', false]);
});

it('a reply of which nothing was read when it was started again is whole', () => {
  const turn = followed();
  turn.appendPiece({ attempt: 2, offset: 0, text: 'another ' });
  turn.settle({ ...DONE, reply: 'another story' });
  expect([turn.reply, turn.isStreamWhole]).toEqual(['another story', true]);
});

it('a turn that runs again here has the reply of its last run, and readers get what continues the first', () => {
  const turn = running();
  turn.append('once ');
  turn.follow({ status: 'running', attempts: 1, startedAt: 5 });
  turn.start(7, { text: 'hello', form: null });
  for (const piece of ['once ', 'upon']) turn.append(piece);
  expect(turn.ending('done').reply).toBe('once upon');
  turn.settle({ ...DONE, reply: turn.reply });
  expect([turn.reply, turn.isStreamWhole]).toEqual(['once upon', true]);
});
