import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { announcement, pruneAll, textsOf } from '../journals.ts';
import type { MakePlace } from './place.ts';

export function eventConformance(makePlace: MakePlace): void {
  let journal: Journal;

  beforeEach(async () => {
    journal = await makePlace().open();
  });

  it('are read from any point on, of one session, in pages', async () => {
    const seqs = await Promise.all(['a', 'b', 'c'].map((text) => journal.announce(announcement('s', text))));
    await journal.announce(announcement('other', 'd'));
    expect(textsOf(await journal.eventsAfter('s', 0, 2))).toEqual(['a', 'b']);
    expect(textsOf(await journal.eventsAfter('s', seqs[1] ?? 0, 2))).toEqual(['c']);
    expect(await journal.eventsAfter('s', seqs[2] ?? 0, 2)).toEqual([]);
  });

  it('have numbers that grow in their session, the last of which is known', async () => {
    expect(await journal.lastEventSeq('s')).toBe(0);
    const seqs: number[] = [];
    for (const text of ['a', 'b', 'c']) {
      seqs.push(await journal.announce(announcement('s', text)));
      await journal.announce(announcement('other', text));
    }
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other));
    expect(new Set([0, ...seqs]).size).toBe(4);
    expect(await journal.lastEventSeq('s')).toBe(seqs[2]);
    expect((await journal.eventsAfter('s', 0, 9)).map(({ seq }) => seq)).toEqual(seqs);
  });

  it('are read until they have a number of bytes', async () => {
    const texts = ['a'.repeat(500), 'b'.repeat(500), 'ü'.repeat(500)];
    const seqs: number[] = [];
    for (const text of texts) seqs.push(await journal.announce(announcement('s', text)));
    const read = async (after: number, bytes: number) => textsOf(await journal.eventsAfter('s', after, 9, bytes));
    expect(await read(0, 1)).toEqual(texts.slice(0, 1));
    expect(await read(0, 600)).toEqual(texts.slice(0, 2));
    expect(await read(seqs[0] ?? 0, 1_500)).toEqual(texts.slice(1, 3));
    expect(await read(0, 3_000)).toEqual(texts);
  });

  it('never get the number of one that was forgotten', async () => {
    const forgotten = await journal.announce(announcement('s', 'a'));
    expect(await pruneAll(journal, 6_000)).toMatchObject({ events: [1] });
    expect(await journal.lastEventSeq('s')).toBeLessThanOrEqual(forgotten);
    expect(await journal.announce(announcement('s', 'b'))).toBeGreaterThan(forgotten);
  });

  it('are of a journal with a constant and unique identity', async () => {
    const identity = await journal.identity();
    expect(identity).toMatch(/^[0-9a-f]{12}$/);
    expect(await journal.identity()).toBe(identity);
    const other = await makePlace().open();
    expect(await other.identity()).not.toBe(identity);
  });
}
