import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { lacksPostgres, postgresSchema, type TestSchema } from '@hermes/test-kit/postgres';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from './journal/journal.ts';
import { BIN } from './testing/gateway-process.ts';
import { announcement, DONE, openJournal, pruneAll } from './testing/journals.ts';
import { databaseClient, openPostgresJournal } from './testing/postgres-journals.ts';
import { turn } from './testing/turns.ts';

describe.skipIf(lacksPostgres())('hermes-gateway journal', () => {
  let place: TestSchema;
  let home: string;

  beforeEach(async () => {
    place = await postgresSchema();
    home = temporaryDirectory();
    writeFileSync(join(home, 'config.yaml'), `journal:\n  kind: postgres\n  schema: ${place.schema}\n  name: test\n`);
  });

  const run = (args: readonly string[], url = place.url) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'journal', ...args], {
      encoding: 'utf8',
      timeout: 120_000,
      env: { PATH: process.env.PATH, HERMES_HOME: home, DATABASE_URL: url },
    });
    return { code: status, stdout, stderr };
  };

  const runJson = (...args: string[]) => {
    const { code, stdout, stderr } = run([...args, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  /** Some of everything, with a text that neither database stores by itself. */
  const fill = async (journal: Journal) => {
    await journal.accept(turn('done', { session: 's\u0000t', messageId: 'm', text: 'a\u0001\u0000b' }));
    await journal.start('done', 2_000);
    await journal.end('done', DONE, announcement('s\u0000t', 'done', ['x']));
    await journal.accept(turn('running', { session: 'r', status: 'running', attempts: 1, startedAt: 1_000 }));
    await journal.accept(turn('waiting', { session: 'w' }));
    await journal.recordNoticeOnce('w', 'd', announcement('w', 'draining'));
    await journal.announce(announcement('w', 'forgotten', [], { at: 1 }));
    await pruneAll(journal, 2);
  };

  const contents = async (journal: Journal) => ({
    identity: await journal.identity(),
    // Which gateway ran a turn is known only where several share the journal.
    turns: (await journal.turns({ limit: 9 })).map(({ gateway: _, ...turn }) => turn),
    events: [...(await journal.eventsAfter('s\u0000t', 0, 9)), ...(await journal.eventsAfter('w', 0, 9))],
    deliveries: await journal.deliveries('x'),
    notified: await journal.notifiedSessions('', 9),
  });

  it('creates roles with the least privileges, under which gateways run and cannot change tables', async () => {
    const roles = ['--owner', `${place.schema}_owner`, '--runner', `${place.schema}_runner`];
    expect(run(['init', ...roles])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^do \$role\$/) });
    expect(runJson('init', '--apply', ...roles)).toMatchObject({ applied: true });
    runJson('init', '--apply', ...roles);
    expect(runJson('migrate', '--role', `${place.schema}_owner`)).toMatchObject({ before: 0, after: 1 });
    expect(runJson('migrate', '--role', `${place.schema}_owner`)).toMatchObject({ before: 1, after: 1 });
    const url = place.url.replace('postgres@', `${place.schema}_runner@`);
    const journal = await openPostgresJournal({ at: { ...place, url } });
    await fill(journal);
    const client = await databaseClient({ ...place, url });
    await expect(client.query('drop table turns')).rejects.toMatchObject({ code: '42501' });
    await expect(client.query('create table other ()')).rejects.toMatchObject({ code: '42501' });
  });

  it('shows its state, also when there is none yet', async () => {
    expect(run(['status']).stdout).toBe(`the schema ${place.schema} has no journal yet\n`);
    const journal = await openPostgresJournal({ at: place, name: 'one' });
    await fill(journal);
    expect(runJson('status')).toMatchObject({
      version: 1,
      waiting: 1,
      running: 1,
      oldest_accepted_at: 1_000,
      gateways: [{ name: 'one', is_alive: true, running: 1 }],
    });
    expect(run(['status']).stdout).toMatch(/turns: 1 waiting, 1 running, the oldest accepted at 1970-01-01T00:00:01/);
  });

  it('moves a journal from SQLite to PostgreSQL and back, whole', async () => {
    const sqlite = openJournal(join(home, 'gateway.db'));
    await fill(sqlite);
    const before = await contents(sqlite);
    await sqlite.close();
    expect(runJson('import')).toMatchObject({ rows: { turns: 3, events: 2, deliveries: 1, drain_notices: 1 } });
    const shared = await openPostgresJournal({ at: place, name: 'test' });
    expect(await contents(shared)).toEqual(before);
    // The gateway that starts takes the running turn over.
    expect(await shared.cutOffTurns()).toEqual([{ turn: 'running', process: undefined }]);
    const next = await shared.announce(announcement('w', 'new'));
    expect(next).toBe(4);
    const after = await contents(shared);
    const file = join(home, 'exported.db');
    const busy = run(['export', file]);
    expect(busy).toMatchObject({ code: 78, stderr: expect.stringContaining('found test; stop these gateways first') });
    expect(existsSync(file)).toBe(false);
    await shared.close();
    runJson('export', file);
    const exported = openJournal(file);
    expect(await contents(exported)).toEqual(after);
    expect(await exported.announce(announcement('w', 'newer'))).toBe(5);
    expect(readdirSync(home).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('imports nothing into a journal that has rows, and exports over no file', async () => {
    const shared = await openPostgresJournal({ at: place });
    await fill(shared);
    await shared.close();
    const sqlite = openJournal(join(home, 'gateway.db'));
    await fill(sqlite);
    await sqlite.close();
    expect(run(['import'])).toMatchObject({ code: 78, stderr: expect.stringContaining('expected an empty journal') });
    expect(run(['export', join(home, 'gateway.db')])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('found one; move it away'),
    });
  });

  it('says what to do when the database is not configured or cannot be reached, without the password', () => {
    const unreachable = run(['status'], 'postgresql://user:geheim@127.0.0.1:1/x');
    expect(unreachable).toMatchObject({ code: 75, stderr: expect.stringContaining('ECONNREFUSED') });
    const invalid = run(['status'], 'geheim');
    expect(invalid).toMatchObject({ code: 78, stderr: expect.stringContaining('expected a URL') });
    expect(unreachable.stderr + invalid.stderr).not.toContain('geheim');
    writeFileSync(join(home, 'config.yaml'), '');
    expect(run(['status'])).toMatchObject({ code: 78, stderr: expect.stringContaining('found sqlite; set it') });
  });
});
