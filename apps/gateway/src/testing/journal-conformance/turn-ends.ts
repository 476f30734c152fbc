import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { announcement, DONE } from '../journals.ts';
import { turn } from '../turns.ts';
import type { MakePlace } from './place.ts';

export function turnEndConformance(makePlace: MakePlace): void {
  let journal: Journal;

  beforeEach(async () => {
    journal = await makePlace().open();
  });

  it('is one with its event and its deliveries', async () => {
    await journal.accept(turn('a'));
    const stored = announcement('s', 'stored', ['x', 'y'], { at: 7, expiresAt: 9 });
    const seq = await journal.end('a', DONE, stored);
    expect(await journal.eventsAfter('s', 0, 10)).toEqual([{ seq, ...stored.event }]);
    expect(await journal.deliveries('x')).toEqual([
      {
        seq: expect.any(Number),
        channel: 'x',
        session: 's',
        event: { ...stored.event.data, event_id: String(seq) },
        at: 7,
        attempts: 0,
        nextAt: 7,
        expiresAt: 9,
      },
    ]);
    expect(await journal.deliveries('y')).toHaveLength(1);
  });

  it('did not happen when its event cannot be stored', async () => {
    await journal.accept(turn('a'));
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const { event } = announcement('s', 'x');
    const bad = { event, deliveries: [{ channel: 'x', session: 's', event: circular, expiresAt: null }] };
    await expect(journal.end('a', DONE, bad)).rejects.toThrow('circular');
    expect((await journal.find('a'))?.status).toBe('accepted');
    expect(await journal.eventsAfter('s', 0, 10)).toEqual([]);
  });

  it('happens once, however often it is reported at a time', async () => {
    await journal.accept(turn('a'));
    const ends = [1, 2, 3].map((at) => journal.end('a', { ...DONE, endedAt: at }, announcement('s', `${at}`, ['x'])));
    const outcomes = await Promise.allSettled(ends);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await journal.find('a'))?.endedAt).toBe(1);
    expect(await journal.eventsAfter('s', 0, 10)).toHaveLength(1);
    expect(await journal.deliveries('x')).toHaveLength(1);
  });
}
