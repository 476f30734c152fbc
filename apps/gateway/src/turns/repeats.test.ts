import { expect, it } from 'vitest';
import { REPEAT_WINDOWS, Repeats } from './repeats.ts';

const AGAIN = { fingerprint: 'same', isRetry: false };
const RETRY = { fingerprint: 'same', isRetry: true };

/** What was done with the turn `a` of the first request, and what is found at `now` for the same request. */
interface Story {
  readonly attended?: 'waits' | 'gone' | 'answered';
  readonly ended?: 'done' | 'failed';
  readonly now: number;
}

const { unanswered, retry, failed } = REPEAT_WINDOWS;

it.each<[what: string, story: Story, again: boolean, retried: boolean]>([
  ['it runs, and its client waits', { attended: 'waits', now: 0 }, false, true],
  ['it runs, and its client has gone', { attended: 'gone', now: 0 }, true, true],
  ['it runs, taken over from the process before', { now: 0 }, true, true],
  ['it runs, and its client got that status', { attended: 'answered', now: 0 }, false, true],
  ['it is done, and its client has gone', { attended: 'gone', ended: 'done', now: unanswered - 1 }, true, true],
  ['it was done long ago, and its client had gone', { attended: 'gone', ended: 'done', now: unanswered }, false, false],
  ['it is done, and that is being sent', { attended: 'waits', ended: 'done', now: 1 }, false, true],
  ['it is done, and that was answered', { attended: 'answered', ended: 'done', now: retry - 1 }, false, true],
  ['it was done a while ago, and that was answered', { attended: 'answered', ended: 'done', now: retry }, false, false],
  ['it has failed, and that was answered', { attended: 'answered', ended: 'failed', now: failed - 1 }, true, true],
  ['it failed a while ago, and that was answered', { attended: 'answered', ended: 'failed', now: failed }, false, true],
])('%s: the same request is its own %j', (_what, { attended, ended, now }, again, retried) => {
  const repeats = new Repeats();
  repeats.add('a', 'same');
  const attendance = attended && repeats.attend('a');
  if (attended !== undefined && attended !== 'waits') attendance?.leave(attended === 'answered');
  if (ended) repeats.ended('a', { at: 0, failed: ended === 'failed' });
  expect(repeats.find(AGAIN, now)).toBe(again ? 'a' : undefined);
  expect(repeats.find(RETRY, now)).toBe(retried ? 'a' : undefined);
  expect(repeats.find({ fingerprint: 'other', isRetry: true }, now)).toBeUndefined();
});

it('an equal request that comes while the first is being stored is a message of its own', () => {
  const repeats = new Repeats();
  repeats.add('a', 'same', true);
  expect(repeats.find(AGAIN, 0)).toBeUndefined();
  repeats.add('b', 'same', true);
  const [a, b] = [repeats.attend('a'), repeats.attend('b')];
  expect(repeats.find(AGAIN, 0)).toBeUndefined();
  expect(b.leave(false)).toBe(true);
  expect(repeats.find(AGAIN, 0)).toBe('b');
  expect(a.leave(false)).toBe(true);
});

it('a new message without a fingerprint has no client before one attends', () => {
  const repeats = new Repeats();
  repeats.add('a', undefined, true);
  expect(repeats.isAttended('a')).toBe(false);
  repeats.attend('a');
  expect(repeats.isAttended('a')).toBe(true);
});

it('of equal requests at once, the one that comes again gets the turn that lost its client', () => {
  const repeats = new Repeats();
  for (const turn of ['a', 'b', 'c']) repeats.add(turn, 'same');
  const [, second] = ['a', 'b', 'c'].map((turn) => repeats.attend(turn));
  second?.leave(false);
  expect(repeats.find(AGAIN, 0)).toBe('b');
  repeats.attend('b');
  expect([repeats.find(AGAIN, 0), repeats.find(RETRY, 0)]).toEqual([undefined, 'c']);
});

it('a turn that could not be stored is none', () => {
  const repeats = new Repeats();
  repeats.add('a', 'same');
  repeats.remove('a');
  expect(repeats.find(RETRY, 0)).toBeUndefined();
});

it('says when the last client has left a turn without its answer', () => {
  const repeats = new Repeats();
  repeats.add('a', undefined);
  const [first, second] = [repeats.attend('a'), repeats.attend('a')];
  expect([first.leave(false), second.leave(false)]).toEqual([false, true]);
  const third = repeats.attend('a');
  repeats.ended('a', { at: 0, failed: false });
  expect(third.leave(false)).toBe(false);
});

it('remembers a bounded number of turns that have ended, the newest', () => {
  const repeats = new Repeats();
  for (let n = 0; n < 10_001; n++) {
    repeats.add(`turn ${n}`, `print ${n}`);
    repeats.ended(`turn ${n}`, { at: 0, failed: true });
  }
  const found = [0, 1, 10_000].map((n) => repeats.find({ fingerprint: `print ${n}`, isRetry: false }, 1));
  expect(found).toEqual([undefined, 'turn 1', 'turn 10000']);
});

it('remembers few ended turns of one request, the newest, and all that run', () => {
  const repeats = new Repeats();
  repeats.add('running', 'same');
  for (let n = 0; n < 200; n++) {
    repeats.add(`turn ${n}`, 'same');
    repeats.ended(`turn ${n}`, { at: n, failed: false });
  }
  const isKnown = (turn: string) => {
    repeats.attend(turn);
    return repeats.isAttended(turn);
  };
  expect(['running', 'turn 0', 'turn 99', 'turn 101', 'turn 199'].map(isKnown)).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
});

it('remembers one ended turn of a request that was answered again and again: a retry gets the newest', () => {
  const repeats = new Repeats();
  repeats.add('gone', 'same');
  repeats.attend('gone').leave(false);
  for (let n = 0; n < 3; n++) {
    repeats.add(`turn ${n}`, 'same');
    const attendance = repeats.attend(`turn ${n}`);
    repeats.ended(`turn ${n}`, { at: n, failed: n === 1 });
    attendance.leave(true);
  }
  expect([repeats.find(AGAIN, 3), repeats.find(RETRY, 3)]).toEqual(['gone', 'gone']);
  repeats.remove('gone');
  expect([repeats.find(AGAIN, 3), repeats.find(RETRY, 3)]).toEqual([undefined, 'turn 2']);
  repeats.remove('turn 2');
  expect(repeats.find(RETRY, 3)).toBeUndefined();
});
