import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { announcement, textsOf } from '../journals.ts';
import type { JournalPlace, MakePlace } from './place.ts';

export function noticeConformance(makePlace: MakePlace): void {
  const notice = announcement('s', 'draining', ['x']);
  let place: JournalPlace;
  let journal: Journal;

  beforeEach(async () => {
    place = makePlace();
    journal = await place.open();
  });

  it('are recorded once per session and drain, also after a restart', async () => {
    const [first, second] = await Promise.all([
      journal.recordNoticeOnce('s', 'd1', notice),
      journal.recordNoticeOnce('s', 'd1', notice),
    ]);
    expect([first, second]).toEqual([await journal.lastEventSeq('s'), undefined]);
    await journal.close();
    journal = await place.open();
    expect(await journal.recordNoticeOnce('s', 'd1', notice)).toBeUndefined();
    expect(await journal.deliveries('x')).toHaveLength(1);
    expect(await journal.recordNoticeOnce('s', 'd2', notice)).toBeGreaterThan(first ?? Number.NaN);
    expect(await journal.recordNoticeOnce('other', 'd1', announcement('other', 'draining'))).toBeGreaterThan(0);
    expect(await journal.eventsAfter('s', 0, 9)).toHaveLength(2);
    expect(await journal.eventsAfter('other', 0, 9)).toHaveLength(1);
  });

  it('are ended once for all drains that a session was notified of', async () => {
    await journal.recordNoticeOnce('s', 'd1', notice);
    const last = await journal.recordNoticeOnce('s', 'd2', notice);
    await journal.recordNoticeOnce('other', 'd2', announcement('other', 'draining'));
    expect(await journal.notifiedSessions('', 9)).toEqual(['other', 's']);
    expect(await journal.notifiedDrain()).toBe('d2');
    await journal.recordDrainEnd('s', announcement('s', 'back'));
    expect(await journal.notifiedSessions('', 9)).toEqual(['other']);
    expect(textsOf(await journal.eventsAfter('s', last ?? Number.NaN, 10))).toEqual(['back']);
    expect(await journal.recordNoticeOnce('s', 'd2', notice)).toBeUndefined();
  });

  it('keep the name of a session and of its deliveries whole', async () => {
    await journal.recordNoticeOnce('s\u0000t', 'd1', announcement('s\u0000t', 'draining', ['x']));
    expect(await journal.notifiedSessions('', 9)).toEqual(['s\u0000t']);
    expect(await journal.deliveries('x')).toMatchObject([{ session: 's\u0000t' }]);
    expect(await journal.nextDeliveries('x', 9)).toMatchObject([{ session: 's\u0000t' }]);
    expect(await journal.eventsAfter('s\u0000t', 0, 9)).toMatchObject([{ session: 's\u0000t' }]);
  });

  it('list the sessions in pages', async () => {
    for (const session of ['c', 'a', 'b']) await journal.recordNoticeOnce(session, 'd', announcement(session, 'x'));
    expect(await journal.notifiedSessions('', 2)).toEqual(['a', 'b']);
    expect(await journal.notifiedSessions('b', 2)).toEqual(['c']);
  });

  it('are of no drain when all sessions know that it is over', async () => {
    expect(await journal.notifiedDrain()).toBeNull();
    await journal.recordNoticeOnce('s', 'd', notice);
    await journal.recordDrainEnd('s', announcement('s', 'back'));
    expect(await journal.notifiedDrain()).toBeNull();
  });
}
