import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@hermes/test-kit/eventually';
import {
  lacksPostgres,
  postgresSchema,
  sharedPostgres,
  startPostgres,
  type TestSchema,
} from '@hermes/test-kit/postgres';
import { beforeEach, describe, expect, it } from 'vitest';
import { announcement, DONE } from '../../testing/announcements.ts';
import { databaseClient, openPostgresJournal } from '../../testing/postgres-journals.ts';
import { type TcpProxy, tcpProxy } from '../../testing/tcp-proxy.ts';
import { turn } from '../../testing/turns.ts';
import { cannotMount, fill, smallVolume } from '../../testing/volumes.ts';
import type { JournalTimes } from './options.ts';
import type { PostgresJournal } from './postgres-journal.ts';

const LONG_HOLD = { holdMs: 60_000, lastRetryMs: 100 };
const SHORT_HOLD = { holdMs: 300, lastRetryMs: 100 };

describe.skipIf(lacksPostgres())('a journal on PostgreSQL whose connection breaks', () => {
  let place: TestSchema;
  let proxy: TcpProxy;

  beforeEach(async () => {
    const server = await sharedPostgres();
    proxy = await tcpProxy(server.port);
    const { schema } = await postgresSchema();
    place = { schema, url: `postgresql://postgres@127.0.0.1:${proxy.port}/postgres` };
  });

  const open = async (times: Partial<JournalTimes>) => {
    const journal = await openPostgresJournal({ at: place, times });
    const lost: string[] = [];
    journal.fleet.on('lost', (problem) => lost.push(problem));
    const owner = async () => (await journal.fleet.peers()).find(({ isThisOne }) => isThisOne)?.owner;
    return { journal, lost, owner };
  };

  const running = turn('a', { status: 'running', attempts: 1, startedAt: 1_000 });

  it('reports it at once, keeps its turns if it is back in time, and works again', async () => {
    const { journal, lost, owner } = await open(LONG_HOLD);
    await journal.accept(running);
    const before = await owner();
    const failure = once(journal, 'failure');
    const resync = once(journal.fleet, 'resync');
    await proxy.close();
    await failure;
    expect(journal.problem()).toMatch(/^cannot use the journal on PostgreSQL: /);
    const ended = journal.end('a', DONE, announcement('s', 'done'));
    await proxy.open();
    await ended;
    await resync;
    await eventually(() => expect(journal.problem()).toBeUndefined());
    expect([await owner(), lost]).toEqual([before, []]);
  });

  it('has lost its turns after the hold time, and takes them over again under a new owner', async () => {
    const { journal, lost, owner } = await open(SHORT_HOLD);
    await journal.accept(running);
    const before = await owner();
    const adopted = once(journal.fleet, 'adopted');
    await proxy.close();
    await eventually(() => expect(lost).toEqual(['the connection to the journal is broken']));
    await proxy.open();
    expect(await adopted).toMatchObject([[{ id: 'a' }]]);
    expect(await owner()).not.toBe(before);
    await journal.end('a', DONE, announcement('s', 'done'));
  });

  it('applies a batch once whose answer is lost', async () => {
    const { journal } = await open(LONG_HOLD);
    await journal.accept(running);
    const cut = proxy.cutAtAnswerTo('"op":"tell"');
    const told = journal.announce(announcement('s', 'once'));
    await cut;
    const seq = await told;
    expect(await journal.eventsAfter('s', 0, 9)).toMatchObject([{ seq, data: { text: 'once' } }]);
    const cutAgain = proxy.cutAtAnswerTo('"op":"end"');
    const ended = journal.fleet.endAndClaim('a', DONE, announcement('s', 'done'), 5);
    await journal.accept(turn('b'));
    await cutAgain;
    await ended;
    expect(await journal.eventsAfter('s', seq, 9)).toHaveLength(1);
    expect(await journal.find('a')).toMatchObject({ status: 'done' });
  });

  it('says that the outcome is unknown when it cannot find it out, and has lost its turns', async () => {
    const { journal, lost } = await open(SHORT_HOLD);
    const cut = proxy.cutAtAnswerTo('"op":"accept"');
    const accepted = journal.accept(running);
    const outcome = expect(accepted).rejects.toMatchObject({ code: 'ERR_OUTCOME_UNKNOWN' });
    await cut;
    await proxy.close();
    await outcome;
    await eventually(() => expect(lost).toHaveLength(1));
    const adopted = once(journal.fleet, 'adopted');
    await proxy.open();
    // It was applied: it runs although its client was refused, rather than never.
    expect(await adopted).toMatchObject([[{ id: 'a' }]]);
  });

  describe('when another gateway has taken its turns over before an answer came', () => {
    /** Writes, breaks the connection after the commit, and lets a second gateway take over before the write is sent again. */
    const lateAnswer = async <T>(op: string, write: (journal: PostgresJournal) => Promise<T>) => {
      const direct = { ...place, url: (await sharedPostgres()).url };
      const { journal, lost, owner } = await open(LONG_HOLD);
      const other = await openPostgresJournal({ at: direct, name: 'other' });
      await journal.accept(turn('a'));
      const adopted = once(other.fleet, 'adopted');
      const life = await owner();
      const cut = proxy.cutAtAnswerTo(`"op":"${op}"`);
      const written = write(journal);
      await cut;
      await proxy.close();
      expect(await adopted).toMatchObject([[{ status: 'running' }]]);
      // Without its sign of life, the gateway learns from the late answer that it is gone.
      const admin = await databaseClient(direct);
      await admin.query(`select pg_advisory_lock(lock_key_1('life', $1))`, [life]);
      await proxy.open();
      const answer = await written;
      expect(lost).toEqual(['another gateway has declared this one dead']);
      return { answer, journal };
    };

    it('has not claimed a turn', async () => {
      const { answer, journal } = await lateAnswer('claim', ({ fleet }) => fleet.claim(9, 9, 1_000));
      expect(answer.map(({ id }) => id)).toEqual(['a']);
      expect(answer[0]?.owner).not.toBe(journal.fleet.owner);
    });

    it('runs no turn that it has stored', async () => {
      const { answer } = await lateAnswer('accept', (journal) =>
        journal.accept(turn('b', { session: 'other', status: 'running', attempts: 1, startedAt: 1_000 })),
      );
      expect(answer).toBe('accepted');
    });
  });

  it('survives the end of each of its connections by the server', async () => {
    const { journal, lost } = await open(LONG_HOLD);
    const admin = await databaseClient({ ...place, url: (await sharedPostgres()).url });
    await journal.accept(running);
    const sql = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'hermes-gateway gateway' and pid in (
        select pid from pg_locks l join gateways g on (l.classid::bigint << 32 | l.objid::bigint) = g.life)`;
    const resync = once(journal.fleet, 'resync');
    await admin.query(sql);
    await resync;
    await journal.end('a', DONE, announcement('s', 'done'));
    expect(lost).toEqual([]);
  });

  it('rejects what it was not able to send, and recovers by itself', async () => {
    const { journal } = await open(SHORT_HOLD);
    await proxy.close();
    await expect(journal.announce(announcement('s', 'x'))).rejects.toThrow();
    await expect(journal.find('a')).rejects.toThrow();
    await proxy.open();
    await eventually(() => expect(journal.problem()).toBeUndefined());
    await eventually(() => journal.announce(announcement('s', 'y')));
  });

  it('closes while the server cannot be reached', async () => {
    const { journal } = await open({ ...SHORT_HOLD, connectMs: 500 });
    await proxy.close();
    await journal.close();
  });
});

describe.skipIf(lacksPostgres())('a journal on a PostgreSQL server that refuses writes', () => {
  it('says that the server is read-only, and recovers by itself', async () => {
    const server = await startPostgres();
    const place = { url: server.url, schema: 'hermes' };
    const journal = await openPostgresJournal({ at: place, times: SHORT_HOLD });
    const admin = await databaseClient(place);
    const set = async (value: string) => {
      await admin.query(`alter system set default_transaction_read_only = ${value}`);
      await admin.query('select pg_reload_conf()');
    };
    await set('on');
    await eventually(async () => {
      await expect(journal.announce(announcement('s', 'x'))).rejects.toMatchObject({ code: '25006' });
    });
    expect(journal.problem()).toMatch('it is read-only, as a standby is');
    await admin.query('set default_transaction_read_only = off');
    await set('off');
    await eventually(() => expect(journal.problem()).toBeUndefined());
  });

  it('says that a lock is held for too long, which does not concern other sessions', async () => {
    const place = await postgresSchema();
    const journal = await openPostgresJournal({ at: place, times: { lockMs: 200 } });
    const admin = await databaseClient(place);
    await admin.query('begin');
    await admin.query(`select pg_advisory_xact_lock(lock_key_1('session', 's'))`);
    await expect(journal.announce(announcement('s', 'x'))).rejects.toMatchObject({ code: '55P03' });
    expect(journal.problem()).toMatch('another transaction holds a lock for too long');
    await journal.announce(announcement('other', 'y'));
    await admin.query('rollback');
    await journal.announce(announcement('s', 'z'));
    expect(journal.problem()).toBeUndefined();
  });
});

describe.skipIf(lacksPostgres() || cannotMount())('a journal on a PostgreSQL server whose disk is full', () => {
  it('says so, answers what it has, and recovers by itself', async () => {
    const place = await postgresSchema();
    const volume = smallVolume(16);
    const location = join(volume, 'tablespace');
    mkdirSync(location);
    const { uid, gid } = statSync((await sharedPostgres()).directory);
    chownSync(location, uid, gid);
    const journal = await openPostgresJournal({ at: place });
    const admin = await databaseClient(place);
    const space = `small_${place.schema}`;
    await admin.query(`create tablespace ${space} location '${location}'`);
    await admin.query(`alter table turns set tablespace ${space}`);
    const giveBack = fill(volume);
    const text = randomBytes(200_000).toString('base64');
    await expect(journal.accept(turn('a', { text }))).rejects.toMatchObject({ code: '53100' });
    expect(journal.problem()).toMatch('its disk is full; free some space on the server');
    expect(await journal.find('a')).toBeUndefined();
    giveBack();
    await journal.accept(turn('a', { text }));
    expect(journal.problem()).toBeUndefined();
    await admin.query(`alter table turns set tablespace pg_default`);
    await admin.query(`drop tablespace ${space}`);
  });
});
