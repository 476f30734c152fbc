import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { announcement, textsOf, unfinishedTurns } from '../journals.ts';
import { turn } from '../turns.ts';
import { ids, type JournalPlace, type MakePlace } from './place.ts';

export function wholeConformance(makePlace: MakePlace): void {
  let place: JournalPlace;
  let journal: Journal;

  beforeEach(async () => {
    place = makePlace();
    journal = await place.open();
  });

  it('writes in the order of the calls, whatever the callers await', async () => {
    const texts = Array.from({ length: 500 }, (_, n) => `${n}`);
    const seqs = await Promise.all(texts.map((text) => journal.announce(announcement('s', text))));
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other));
    expect(textsOf(await journal.eventsAfter('s', 0, 1_000))).toEqual(texts);
  });

  it('never returns data that is older than an earlier answer', async () => {
    const order: string[] = [];
    const writing = journal.accept(turn('a')).then(() => order.push('stored'));
    const reading = journal.find('a').then((found) => order.push(found ? 'found' : 'not found yet'));
    await Promise.all([writing, reading]);
    expect(order).not.toEqual(['stored', 'not found yet']);
  });

  it('can be probed, which changes nothing', async () => {
    await journal.accept(turn('a'));
    const { commits } = journal;
    await journal.probe();
    expect(journal.commits).toBeGreaterThan(commits);
    expect(ids(await unfinishedTurns(journal))).toEqual(['a']);
  });

  it('writes what is pending when it is closed', async () => {
    const pending = journal.accept(turn('a'));
    await journal.close();
    await pending;
    expect(ids(await unfinishedTurns(await place.open()))).toEqual(['a']);
  });

  it('makes later writes and reads reject when it is closed', async () => {
    await journal.close();
    await expect(journal.accept(turn('a'))).rejects.toThrow(/not open|is closed/);
    await expect(journal.find('a')).rejects.toThrow();
  });
}
