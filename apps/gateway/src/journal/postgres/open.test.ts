import {
  lacksPostgres,
  postgresSchema,
  sharedPostgres,
  startPostgres,
  type TestSchema,
} from '@hermes/test-kit/postgres';
import { beforeEach, describe, expect, it } from 'vitest';
import { announcement } from '../../testing/announcements.ts';
import { lacksPgBouncer, pgBouncer } from '../../testing/pgbouncer.ts';
import { databaseClient, openPostgresJournal } from '../../testing/postgres-journals.ts';

describe.skipIf(lacksPostgres())('opening a journal on PostgreSQL', () => {
  let place: TestSchema;

  beforeEach(async () => {
    place = await postgresSchema();
  });

  /** How an attempt to open it is refused. */
  const refusal = async (at: TestSchema, times = {}) => {
    const error = await openPostgresJournal({ at, times }).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({ name: 'StartupError' });
    return { temporary: error.temporary as boolean, message: error.message as string };
  };

  it('creates the schema once, however many gateways start together', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const journals = await Promise.all(names.map((name) => openPostgresJournal({ at: place, name })));
    const identities = await Promise.all(journals.map((journal) => journal.identity()));
    expect(new Set(identities).size).toBe(1);
    expect(await journals[0]?.fleet.peers()).toHaveLength(4);
  });

  it('refuses a schema of a newer release or of another program, and leaves it as it is', async () => {
    const journal = await openPostgresJournal({ at: place });
    await journal.close();
    const client = await databaseClient(place);
    await client.query('update schema_version set version = 99');
    expect(await refusal(place)).toEqual({
      temporary: false,
      message: expect.stringMatching(
        /its schema is version 99, this program knows versions up to \d+; install a newer/,
      ),
    });
    const other = await postgresSchema();
    await client.query(`create schema ${other.schema}; create table ${other.schema}.turns ()`);
    expect(await refusal(other)).toMatchObject({
      temporary: false,
      message: expect.stringContaining('another program'),
    });
  });

  it('can be retried when the server cannot be reached or is full, and not when it refuses the user', async () => {
    const { url, schema } = place;
    expect(await refusal({ schema, url: 'postgresql://user:geheim@127.0.0.1:1/x' })).toEqual({
      temporary: true,
      message: expect.not.stringContaining('geheim'),
    });
    expect(await refusal({ schema, url: url.replace('postgres@', 'nobody:geheim@') })).toEqual({
      temporary: false,
      message: expect.stringMatching(/refuses the user or the password; check the URL(?!.*geheim)/),
    });
    expect(await refusal({ schema, url: url.replace(/postgres$/, 'missing') })).toMatchObject({
      temporary: false,
      message: expect.stringContaining('the database does not exist'),
    });
    const server = await startPostgres({ max_connections: '4', superuser_reserved_connections: '0' });
    const clients = await Promise.all([1, 2, 3].map(() => databaseClient({ url: server.url, schema: 'x' })));
    expect(clients).toHaveLength(3);
    expect(await refusal({ url: server.url, schema: 'x' })).toMatchObject({
      temporary: true,
      message: expect.stringContaining('it has no free connection'),
    });
  });

  it('commits durably even if the server is set up otherwise', async () => {
    const client = await databaseClient(place);
    await client.query(`create role lazy_${process.pid} superuser login`);
    await client.query(`alter role lazy_${process.pid} set synchronous_commit = off`);
    const journal = await openPostgresJournal({
      at: { ...place, url: place.url.replace('postgres@', `lazy_${process.pid}@`) },
    });
    await client.query(`set search_path = ${place.schema}`);
    await client.query(`create function report() returns trigger language plpgsql as $$
      begin insert into drain_notices values (current_setting('synchronous_commit'), 'd', 'g', 0, null); return new; end $$`);
    await client.query('create trigger report after insert on events for each row execute function report()');
    await journal.announce(announcement('s', 'x'));
    expect((await client.query('select session from drain_notices')).rows).toEqual([{ session: 'on' }]);
  });

  describe.skipIf(lacksPgBouncer())('through PgBouncer', () => {
    it.each([
      ['session', undefined],
      ['transaction', 'found a pooler such as PgBouncer in transaction mode'],
    ] as const)('in %s mode', async (mode, problem) => {
      const port = await pgBouncer((await sharedPostgres()).port, mode);
      const at = { schema: place.schema, url: `postgresql://postgres@127.0.0.1:${port}/postgres` };
      if (problem !== undefined) {
        expect(await refusal(at)).toMatchObject({ temporary: false, message: expect.stringContaining(problem) });
        return;
      }
      const journal = await openPostgresJournal({ at });
      expect(await journal.announce(announcement('s', 'x'))).toBe(1);
    });
  });
});
