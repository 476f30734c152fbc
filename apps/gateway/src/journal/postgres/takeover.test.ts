import { once } from 'node:events';
import { freeze } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, postgresSchema, startPostgres, type TestSchema } from '@hermes/test-kit/postgres';
import { beforeEach, describe, expect, it } from 'vitest';
import { announcement, DONE } from '../../testing/announcements.ts';
import { journalHolder } from '../../testing/journal-holder.ts';
import { databaseClient, openPostgresJournal } from '../../testing/postgres-journals.ts';
import { turn } from '../../testing/turns.ts';
import type { PostgresJournal } from './postgres-journal.ts';

/** No sweep: only the watch of a sign of life finds a dead gateway. */
const WATCH_ONLY = { sweepMs: 3_600_000 };

/** Quick signs of life. */
const LIVELY = { renewMs: 100, silentMs: 1_500, sweepMs: 50 };

describe.skipIf(lacksPostgres())('the running turns of a gateway on PostgreSQL', () => {
  let place: TestSchema;

  beforeEach(async () => {
    place = await postgresSchema();
  });

  const idsOf = (journal: PostgresJournal) => {
    const ids: string[] = [];
    journal.fleet.on('adopted', (turns) => ids.push(...turns.map(({ id }) => id)));
    return ids;
  };

  it('are taken over at once when its process is killed', async () => {
    const journal = await openPostgresJournal({ at: place, times: WATCH_ONLY });
    const adopted = once(journal.fleet, 'adopted');
    const { child } = await journalHolder(place, ['a', 'b'], WATCH_ONLY);
    await journal.accept(turn('c', { session: 'a', status: 'running', attempts: 1, startedAt: 1 }));
    child.kill('SIGKILL');
    const [turns] = await adopted;
    expect(turns).toMatchObject([
      { id: 'a', status: 'running', attempts: 1, startedAt: 1_000 },
      { id: 'b', session: 'b', bytes: 9 },
    ]);
    expect(await journal.cutOffTurns()).toHaveLength(2);
    expect(await journal.start('a', 2_000)).toMatchObject({ text: 'text of a' });
    expect(await journal.find('a')).toMatchObject({ attempts: 2 });
    const next = await journal.fleet.endAndClaim('a', DONE, announcement('a', 'done'), 3);
    expect(next).toMatchObject({ id: 'c' });
  });

  it('are taken over by one of several gateways, once', async () => {
    const gateways = await Promise.all(['one', 'two', 'three'].map((name) => openPostgresJournal({ at: place, name })));
    const { child } = await journalHolder(place, ['a', 'b', 'c']);
    const ids = gateways.map(idsOf);
    child.kill('SIGKILL');
    await eventually(() => expect(ids.flat()).toHaveLength(3));
    await gateways[0]?.probe();
    expect(ids.flat().toSorted()).toEqual(['a', 'b', 'c']);
    expect(ids.filter((some) => some.length > 0)).toHaveLength(1);
  });

  it('are taken over by the next process that starts', async () => {
    const { child } = await journalHolder(place, ['a']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await eventually(async () => {
      const journal = await openPostgresJournal({ at: place, times: WATCH_ONLY });
      const found = await journal.cutOffTurns();
      await journal.close();
      expect(found).toEqual([{ turn: 'a', process: undefined }]);
    });
  });

  it('are taken over when its process is frozen, and are refused to it when it continues', async () => {
    const holder = await journalHolder(place, ['a'], LIVELY);
    const journal = await openPostgresJournal({ at: place, times: LIVELY });
    const adopted = once(journal.fleet, 'adopted');
    holder.child.kill('SIGSTOP');
    expect(await adopted).toMatchObject([[{ id: 'a' }]]);
    await journal.end('a', DONE, announcement('a', 'done elsewhere'));
    holder.child.kill('SIGCONT');
    await holder.prints('lost');
    await eventually(() => {
      holder.child.kill('SIGUSR2');
      expect(holder.lines).toContain('a ERR_NO_SUCH_TURN');
    });
    expect(holder.lines).not.toContain('a ended');
    expect(await journal.eventsAfter('a', 0, 9)).toHaveLength(1);
    await eventually(async () => expect(await journal.fleet.peers()).toHaveLength(2));
  });

  it('are not taken over during the grace period after a restart of the server, while gateways come back', async () => {
    const server = await startPostgres();
    const at = { url: server.url, schema: 'hermes' };
    const times = { graceMs: 60_000, holdMs: 120_000, sweepMs: 50, firstRetryMs: 50, lastRetryMs: 100 };
    const one = await openPostgresJournal({ at, name: 'one', times });
    const other = await openPostgresJournal({ at, name: 'other', times });
    const ids = [...[one, other].map(idsOf)];
    const lost: string[] = [];
    for (const { fleet } of [one, other]) fleet.on('lost', (problem) => lost.push(problem));
    await one.accept(turn('a', { session: 'a', status: 'running', attempts: 1, startedAt: 1 }));
    await other.accept(turn('b', { session: 'b', status: 'running', attempts: 1, startedAt: 1 }));
    const resynced = [one, other].map(({ fleet }) => once(fleet, 'resync'));
    await server.restart();
    await Promise.all(resynced);
    await one.end('a', DONE, announcement('a', 'done'));
    await other.end('b', DONE, announcement('b', 'done'));
    expect([ids.flat(), lost]).toEqual([[], []]);
    await eventually(() => expect([one.problem(), other.problem()]).toEqual([undefined, undefined]));
  });

  it('are taken over after the grace period when their gateway did not come back', async () => {
    const server = await startPostgres();
    const at = { url: server.url, schema: 'hermes' };
    const times = { graceMs: 2_000, holdMs: 30_000, sweepMs: 50, firstRetryMs: 50, lastRetryMs: 100 };
    const { child } = await journalHolder(at, ['a'], times);
    const journal = await openPostgresJournal({ at, times });
    const adopted = once(journal.fleet, 'adopted');
    await freeze(child.pid ?? 0);
    await server.restart();
    child.kill('SIGKILL');
    expect(await adopted).toMatchObject([[{ id: 'a' }]]);
  });

  it('are taken over after the grace period when most gateways vanish together', async () => {
    const times = { graceMs: 3_000 };
    const database = await databaseClient(place);
    const journal = await openPostgresJournal({ at: place, times });
    await eventually(async () => {
      const { rows } = await database.query(`select clock_timestamp() - pg_postmaster_start_time() > '3 s' as old`);
      expect(rows).toEqual([{ old: true }]);
    });
    const ids = idsOf(journal);
    const holders = await Promise.all(['a', 'b'].map((id) => journalHolder(place, [id], times, id)));
    for (const { child } of holders) child.kill('SIGKILL');
    await eventually(() => expect(ids.toSorted()).toEqual(['a', 'b']));
    const sql = `select bool_and(gone_at - seen_at >= '3 s') as waited from gateways where gone_at is not null`;
    // For the second one, no other gateway vanishes together with it.
    expect((await database.query(sql.replace('bool_and', 'bool_or'))).rows).toEqual([{ waited: true }]);
  });
});
