import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { announcement, DONE, pruneAll, textsOf } from '../journals.ts';
import { turn } from '../turns.ts';
import { ids, type MakePlace } from './place.ts';

export function pruneConformance(makePlace: MakePlace): void {
  let journal: Journal;

  beforeEach(async () => {
    journal = await makePlace().open();
  });

  const firstDelivery = async () => (await journal.deliveries('x'))[0]?.seq ?? Number.NaN;

  it('forgets what was over before, and nothing else', async () => {
    for (const id of ['old', 'new', 'open']) await journal.accept(turn(id));
    await journal.end('old', DONE, announcement('s', 'old', [], { at: 3_000 }));
    await journal.end('new', { ...DONE, endedAt: 4_000 }, announcement('s', 'new', ['x', 'y'], { at: 4_000 }));
    await journal.deliveryFailed(await firstDelivery(), null, 'gone');
    expect(await pruneAll(journal, 4_000)).toEqual({ turns: [1], events: [1], notices: [0], deliveries: [0] });
    expect(ids(await journal.turns({ limit: 9 }))).toEqual(['open', 'new']);
    expect(textsOf(await journal.eventsAfter('s', 0, 9))).toEqual(['new']);
    expect(await journal.deliveries('y')).toHaveLength(1);
  });

  it('deletes notices of ended drains and failed deliveries', async () => {
    await journal.recordNoticeOnce('s', 'd', announcement('s', 'draining', ['x']));
    await journal.recordNoticeOnce('t', 'd', announcement('t', 'draining'));
    await journal.recordDrainEnd('s', announcement('s', 'back'));
    await journal.deliveryFailed(await firstDelivery(), null, 'gone');
    expect(await pruneAll(journal, Date.now() + 1)).toMatchObject({ events: [3], notices: [1], deliveries: [1] });
    expect(await journal.notifiedSessions('', 9)).toEqual(['t']);
  });

  it('looks at no more rows in a step than it is allowed to, of each table by itself', async () => {
    for (const id of ['a', 'b', 'c']) {
      await journal.accept(turn(id));
      await journal.end(id, DONE, announcement('s', id));
    }
    expect(await pruneAll(journal, 10_000, { limit: 2 })).toMatchObject({ turns: [2, 1], events: [2, 1] });
  });

  it('finds old turns behind ones that have just ended, have not ended, or came while the clock was ahead', async () => {
    for (const id of ['just ended', 'open', 'old']) await journal.accept(turn(id));
    await journal.accept(turn('ahead', { acceptedAt: 90_000 }));
    for (const id of ['old, too', 'new']) await journal.accept(turn(id, { acceptedAt: id === 'new' ? 9_000 : 1_000 }));
    const ended: [string, number][] = [
      ['just ended', 9_000],
      ['old', 3_000],
      ['ahead', 90_000],
      ['old, too', 3_000],
      ['new', 9_000],
    ];
    for (const [id, at] of ended) await journal.end(id, { ...DONE, endedAt: at }, announcement('s', id, [], { at }));
    expect(await pruneAll(journal, 8_000, { now: 10_000, limit: 1 })).toMatchObject({ turns: [0, 0, 1, 0, 1, 0] });
    expect(ids(await journal.turns({ limit: 9 })).toReversed()).toEqual(['just ended', 'open', 'ahead', 'new']);
  });

  it('stops where all that follows is too young', async () => {
    for (const id of ['a', 'b', 'c']) await journal.accept(turn(id, { acceptedAt: 7_000 }));
    expect(await pruneAll(journal, 6_000, { now: 10_000, limit: 1 })).toMatchObject({ turns: [0] });
  });

  it('keeps the start of a conversation as long as a turn before it', async () => {
    for (const [id, endedAt] of [
      ['long', 9_000],
      ['start', 2_000],
      ['after', 2_000],
    ] as const) {
      await journal.accept(turn(id, id === 'start' ? { conversation: 'start' } : {}));
      await journal.end(id, { ...DONE, endedAt }, announcement('s', id, [], { at: endedAt }));
    }
    await journal.accept(turn('last', { acceptedAt: 9_500 }));
    await pruneAll(journal, 8_000, { now: 10_000 });
    expect(ids(await journal.turns({ limit: 9 }))).toEqual(['last', 'start', 'long']);
    expect(await journal.history('last', { turns: 9, maxChars: 999 })).toEqual([]);
    for (const _step of [1, 2]) await pruneAll(journal, 9_001, { now: 10_000 });
    expect(ids(await journal.turns({ limit: 9 }))).toEqual(['last']);
  });
}
