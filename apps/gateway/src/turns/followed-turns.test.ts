import { describe, expect, it, vi } from 'vitest';
import type { TurnRecord } from '../journal/turn-store.ts';
import { movedOn } from '../testing/moved-on.ts';
import { turn as record } from '../testing/turns.ts';
import { FollowedTurns } from './followed-turns.ts';
import { Turn } from './turn.ts';

/** Followed turns of a journal whose records the test sets. */
function following() {
  const records = new Map<string, TurnRecord>();
  const parts = {
    find: vi.fn(async (id: string) => records.get(id)),
    onRead: vi.fn<(turn: Turn) => void>(),
    onEnded: vi.fn<(turn: Turn, record: TurnRecord | undefined) => void>(),
    onWaiting: vi.fn<(count: number) => void>(),
  };
  const followed = new FollowedTurns(parts);
  const follow = (id: string, changes: Partial<TurnRecord> = {}): Turn => {
    records.set(id, record(id, changes));
    const turn = Turn.takeOver({ ...record(id, changes), seq: 1, bytes: 10 });
    followed.add(turn);
    return turn;
  };
  return { records, parts, followed, follow };
}

const RUNNING = { status: 'running', attempts: 1, startedAt: 5 } as const;

describe('FollowedTurns', () => {
  it('learn from the journal that a turn runs and ends, and follow it no longer then', async () => {
    const { records, parts, followed, follow } = following();
    const turn = follow('a');
    expect(followed.waiting).toMatchObject({ size: 1, bytes: 10 });
    records.set('a', record('a', RUNNING));
    followed.lookAtSession('s');
    await movedOn();
    expect([turn.status, turn.attempts, turn.startedAt, followed.waiting.size]).toEqual(['running', 1, 5, 0]);
    const ended = record('a', { ...RUNNING, status: 'done', reply: 'yes', endedAt: 9 });
    records.set('a', ended);
    followed.lookAtSession('s');
    await movedOn();
    expect(parts.onEnded.mock.calls).toEqual([[turn, ended]]);
    expect([followed.has(turn), followed.countIn('s')]).toEqual([false, 0]);
  });

  it('report a turn that is not in the journal any more', async () => {
    const { records, parts, followed, follow } = following();
    const turn = follow('a');
    records.clear();
    await followed.look(turn);
    expect(parts.onEnded.mock.calls).toEqual([[turn, undefined]]);
  });

  it('keep a turn while the journal cannot be read', async () => {
    const { parts, followed, follow } = following();
    const turn = follow('a');
    parts.find.mockRejectedValueOnce(new Error('no connection'));
    await followed.look(turn);
    expect([followed.has(turn), parts.onEnded.mock.calls]).toEqual([true, []]);
  });

  it('look once more for news that comes during a look, and not more often', async () => {
    const { parts, followed, follow } = following();
    const turn = follow('a');
    const answer = Promise.withResolvers<TurnRecord | undefined>();
    parts.find.mockReturnValueOnce(answer.promise);
    const look = followed.look(turn);
    for (let news = 0; news < 5; news++) followed.lookAtSession('s');
    answer.resolve(record('a'));
    await look;
    expect(parts.find).toHaveBeenCalledTimes(2);
  });

  it('ask for the reply of a turn that is read, at each start', async () => {
    const { records, parts, followed, follow } = following();
    const turn = follow('a');
    followed.watch(turn);
    expect(parts.onRead).not.toHaveBeenCalled();
    for (const attempts of [1, 1, 2]) {
      records.set('a', record('a', { ...RUNNING, attempts }));
      await followed.look(turn);
    }
    expect(parts.onRead).toHaveBeenCalledTimes(2);
  });
});
