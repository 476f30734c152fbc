import { lacksPostgres, postgresSchema, type TestSchema } from '@hermes/test-kit/postgres';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { journalConformance } from '../../testing/journal-conformance/conformance.ts';
import type { JournalPlace } from '../../testing/journal-conformance/place.ts';
import { announcement, DONE } from '../../testing/journals.ts';
import { openPostgresJournal } from '../../testing/postgres-journals.ts';
import { turn } from '../../testing/turns.ts';
import type { PostgresJournal } from './postgres-journal.ts';
import { PostgresTurnReader } from './turn-reader.ts';

function makePlace(): JournalPlace {
  const place = postgresSchema();
  return {
    open: async () => openPostgresJournal({ at: await place }),
    openReader: async () => {
      const reader = await PostgresTurnReader.open(await place);
      onTestFinished(() => reader.close());
      return reader;
    },
  };
}

describe.skipIf(lacksPostgres())('on PostgreSQL', () => {
  journalConformance('on PostgreSQL', makePlace);
});

describe.skipIf(lacksPostgres())('two journals on one schema', () => {
  let place: TestSchema;
  let one: PostgresJournal;
  let other: PostgresJournal;

  beforeEach(async () => {
    place = await postgresSchema();
    one = await openPostgresJournal({ at: place, name: 'one' });
    other = await openPostgresJournal({ at: place, name: 'other' });
  });

  const running = (id: string, changes = {}) =>
    turn(id, { status: 'running', attempts: 1, startedAt: 1_000, ...changes });
  const end = (id: string, at = 3_000) => [id, { ...DONE, endedAt: at }, announcement('s', id)] as const;

  it('run one turn of a session at a time', async () => {
    expect(await one.accept(running('a'))).toBe('running');
    expect(await other.accept(running('b'))).toBe('accepted');
    expect(await other.find('b')).toMatchObject({ status: 'accepted', attempts: 0, startedAt: null });
    await expect(other.start('b', 1)).rejects.toMatchObject({ code: 'ERR_NO_SUCH_TURN' });
    expect(await other.fleet.claim(9, 1_000, 5)).toEqual([]);
    await one.end(...end('a'));
    expect(await other.fleet.claim(9, 1_000, 5)).toMatchObject([
      { id: 'b', attempts: 1, text: 'text of b', startedAt: 5 },
    ]);
  });

  it('list by name the gateway that runs a turn, or ran it', async () => {
    await one.accept(running('a'));
    await other.accept(running('b'));
    await one.end(...end('a'));
    await other.fleet.claim(9, 1_000, 5);
    await one.accept(turn('c'));
    const listed = (await one.turns({ limit: 9, maxBytes: 1_000_000 })).map(({ id, gateway }) => [id, gateway]);
    expect(listed).toEqual([
      ['c', undefined],
      ['b', 'other'],
      ['a', 'one'],
    ]);
    expect((await one.turns({ limit: 1 }))[0]).not.toHaveProperty('gateway');
  });

  it('never run two turns of a session under load, and answer each once', async () => {
    const sessions = ['s0', 's1', 's2', 's3'];
    const active = new Map<string, string>();
    const ends: string[] = [];
    const overlaps: string[] = [];
    const run = async (journal: PostgresJournal, id: string, session: string): Promise<void> => {
      if (active.has(session)) overlaps.push(`${active.get(session)} and ${id}`);
      active.set(session, id);
      await new Promise(setImmediate);
      active.delete(session);
      ends.push(id);
      const done = [id, DONE, announcement(session, id)] as const;
      const next = await journal.fleet.endAndClaim(...done, 4);
      if (next) await run(journal, next.id, session);
    };
    const accepts = Array.from({ length: 200 }, async (_, n) => {
      const journal = n % 2 === 0 ? one : other;
      const session = sessions[n % 4] ?? '';
      if ((await journal.accept(running(`t${n}`, { session }))) === 'running') await run(journal, `t${n}`, session);
    });
    await Promise.all(accepts);
    for (
      let claimed = await one.fleet.claim(9, 1_000, 6);
      claimed.length > 0;
      claimed = await one.fleet.claim(9, 1_000, 6)
    ) {
      for (const { id, session } of claimed) await run(one, id, session);
    }
    expect(overlaps).toEqual([]);
    expect(ends.toSorted()).toEqual(Array.from({ length: 200 }, (_, n) => `t${n}`).toSorted());
    expect(await one.unfinished(0, 9)).toEqual([]);
  });
});
