import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TurnRecord } from '../journal/turn-store.ts';
import { turn as record } from '../testing/turns.ts';
import { Turn } from './turn.ts';

const NEVER = new AbortController().signal;

function turnOf(text = 'hello'): Turn {
  return new Turn({ session: 's', text, kind: 'external' });
}

async function read(turn: Turn, signal = NEVER): Promise<string[]> {
  const pieces = [];
  for await (const piece of turn.chunks(signal)) pieces.push(piece);
  return pieces;
}

describe('Turn', () => {
  it('goes from accepted by running to its end, and notes when', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
    onTestFinished(() => void vi.useRealTimers());
    const turn = turnOf();
    expect(turn).toMatchObject({ status: 'accepted', acceptedAt: 1_000, startedAt: null, isSettled: false });
    vi.setSystemTime(2_000);
    turn.start(2_000);
    expect(turn).toMatchObject({ status: 'running', startedAt: 2_000, endedAt: null, isSettled: false });
    turn.append('hel');
    turn.append('lo');
    vi.setSystemTime(3_000);
    turn.settle(turn.ending('done'));
    expect(turn).toMatchObject({ status: 'done', endedAt: 3_000, reply: 'hello', isSettled: true, problem: null });
  });

  it('ends once: what comes later changes nothing', () => {
    const turn = turnOf();
    turn.settle(turn.ending('interrupted', 'cut off'));
    turn.settle(turn.ending('done'));
    turn.settle(turn.ending('failed', 'other'));
    expect(turn).toMatchObject({ status: 'interrupted', problem: 'cut off' });
  });

  it.each(['done', 'failed', 'interrupted'] as const)(
    'resolves for clients that wait when it has ended, also when %s',
    async (end) => {
      const turn = turnOf();
      const early = turn.whenOver;
      turn.settle(turn.ending(end));
      await expect(Promise.all([early, turn.whenOver])).resolves.toEqual([undefined, undefined]);
    },
  );

  it('has an id of its own, in the order of time', () => {
    const ids = Array.from({ length: 50 }, () => turnOf().id);
    expect(new Set(ids).size).toBe(50);
    expect(ids.toSorted()).toEqual(ids);
  });
});

describe('a turn that is left to the next process', () => {
  it('resolves for clients that wait, ends the stream, and will still run', async () => {
    const turn = turnOf();
    const reading = read(turn);
    turn.leave();
    await expect(Promise.all([turn.whenOver, reading])).resolves.toEqual([undefined, []]);
    expect(turn).toMatchObject({ status: 'accepted', isSettled: false });
  });
});

describe('a turn from the journal', () => {
  it.each<[record: TurnRecord, status: string, reply: string]>([
    [record('a'), 'accepted', ''],
    [record('a', { status: 'running', attempts: 2, startedAt: 2 }), 'accepted', ''],
    [record('a', { status: 'done', attempts: 1, startedAt: 2, endedAt: 3, reply: 'hi' }), 'done', 'hi'],
    [record('a', { status: 'failed', attempts: 1, startedAt: 2, endedAt: 3, problem: 'no' }), 'failed', ''],
    [record('a', { status: 'interrupted', attempts: 0, endedAt: 3, problem: 'no' }), 'interrupted', ''],
  ])('keeps its state, but is not running: %o', async (stored, status, reply) => {
    const turn = Turn.restore(stored);
    expect(turn.toRecord()).toEqual({ ...stored, status });
    expect([turn.reply, turn.isSettled]).toEqual([reply, stored.endedAt !== null]);
    if (turn.isSettled) expect(await read(turn)).toEqual(reply === '' ? [] : [reply]);
  });
});

describe('Turn.chunks', () => {
  it('gives pieces as they come, and the same to a reader who comes late', async () => {
    const turn = turnOf();
    const early = read(turn);
    turn.start(1);
    turn.append('a');
    await nextTurn();
    const late = read(turn);
    turn.append('b');
    turn.append('');
    turn.append('c');
    await nextTurn();
    turn.settle(turn.ending('done'));
    const last = read(turn);
    await expect(Promise.all([early, late, last])).resolves.toEqual(Array(3).fill(['a', 'b', '', 'c']));
  });

  it('hands out a piece as soon as it is there', async () => {
    const turn = turnOf();
    const pieces = turn.chunks(NEVER)[Symbol.asyncIterator]();
    const first = pieces.next();
    turn.append('a');
    await expect(first).resolves.toEqual({ value: 'a', done: false });
    turn.settle(turn.ending('done'));
    await expect(pieces.next()).resolves.toMatchObject({ done: true });
  });

  it('ends without a piece when the turn ends without one', async () => {
    const turn = turnOf();
    const reading = read(turn);
    turn.settle(turn.ending('failed', 'no'));
    await expect(reading).resolves.toEqual([]);
  });

  it('keeps a hundred readers up with the same pieces', async () => {
    const turn = turnOf();
    const readers = Array.from({ length: 100 }, () => read(turn));
    const pieces = Array.from({ length: 50 }, (_, index) => `${index} `);
    for (const piece of pieces) {
      turn.append(piece);
      await nextTurn();
    }
    turn.settle(turn.ending('done'));
    expect(await Promise.all(readers)).toEqual(Array(100).fill(pieces));
  });

  it('ends the stream of a reader that disconnects, and only that one', async () => {
    const turn = turnOf();
    const gone = new AbortController();
    const [leaving, staying] = [read(turn, gone.signal), read(turn)];
    turn.append('a');
    await nextTurn();
    gone.abort();
    await expect(leaving).resolves.toEqual(['a']);
    turn.append('b');
    turn.settle(turn.ending('done'));
    await expect(staying).resolves.toEqual(['a', 'b']);
  });

  it('has nothing for a reader who has left before it begins', async () => {
    const turn = turnOf();
    turn.append('a');
    await expect(read(turn, AbortSignal.abort())).resolves.toEqual([]);
  });
});
