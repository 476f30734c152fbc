import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { journalConformance } from '../../testing/journal-conformance/conformance.ts';
import type { JournalPlace } from '../../testing/journal-conformance/place.ts';
import { announcement, DONE, openJournal, openThreadedJournal, unfinishedTurns } from '../../testing/journals.ts';
import { turn } from '../../testing/turns.ts';
import type { Journal } from '../journal.ts';
import { openForReading } from './open-database.ts';
import { SqliteTurnReader } from './turn-reader.ts';

type Open = (path: string) => Journal | Promise<Journal>;

const JOURNALS: readonly [where: string, open: Open][] = [
  ['in this thread', openJournal],
  ['in a thread of its own', openThreadedJournal],
];

function placeOf(open: Open): JournalPlace {
  const path = join(temporaryDirectory(), 'gateway.db');
  const openReader = () => {
    const reader = new SqliteTurnReader(path);
    onTestFinished(() => reader.close());
    return reader;
  };
  return { open: () => open(path), openReader };
}

for (const [where, open] of JOURNALS) journalConformance(`in SQLite ${where}`, () => placeOf(open));

describe.each(JOURNALS)('the journal in SQLite %s', (_where, open) => {
  let path: string;
  let journal: Journal;

  beforeEach(async () => {
    path = join(temporaryDirectory(), 'gateway.db');
    journal = await open(path);
  });

  it('stores turns that come together in one commit', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, n) => journal.accept(turn(`t${n}`))));
    expect(journal.commits).toBe(1);
    expect(await unfinishedTurns(journal)).toHaveLength(200);
  });

  it('says which turn it does not have', async () => {
    await expect(journal.start('x', 1)).rejects.toThrow('turn x is not waiting');
    await expect(journal.end('x', DONE, announcement('s', 'x'))).rejects.toThrow('turn x has ended already');
  });

  it('numbers the events of all sessions in one sequence, from 1', async () => {
    expect(await journal.announce(announcement('s', 'a'))).toBe(1);
    expect(await journal.recordNoticeOnce('other', 'd', announcement('other', 'draining'))).toBe(2);
    expect(await journal.recordNoticeOnce('s', 'd', announcement('s', 'draining'))).toBe(3);
    expect([await journal.lastEventSeq('s'), await journal.lastEventSeq('other')]).toEqual([3, 2]);
    // No event of it is kept: the next one comes after all others.
    expect(await journal.lastEventSeq('new')).toBe(3);
  });

  it('is read by others who cannot write to it', async () => {
    await journal.accept(turn('a'));
    const reader = openForReading(path);
    onTestFinished(() => reader.close());
    expect(() => reader.exec('DELETE FROM turns')).toThrow('readonly');
  });
});
