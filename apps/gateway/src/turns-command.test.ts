import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NoTurnsError } from './journal/turn-reader.ts';
import { openJournal } from './testing/journals.ts';
import { openPostgresJournal } from './testing/postgres-journals.ts';
import { turn } from './testing/turns.ts';
import { showTurns, type TurnsOptions } from './turns-command.ts';

let home: string;

beforeEach(() => {
  home = temporaryDirectory();
  vi.stubEnv('HERMES_HOME', home);
  return () => vi.unstubAllEnvs();
});

/** What the command prints of each turn, as JSON. */
async function shown(options: Partial<TurnsOptions> = {}): Promise<{ turn_id: string; text: string }[]> {
  const turns: { turn_id: string; text: string }[] = [];
  const lines = showTurns({ profile: 'default', json: true, limit: 1_000_000, ...options });
  for await (const line of lines) turns.push(JSON.parse(line));
  return turns;
}

describe('showTurns', () => {
  it('shows as many as are asked for, the newest first, however many pages that takes', async () => {
    const journal = openJournal(join(home, 'gateway.db'));
    const names = Array.from({ length: 250 }, (_, n) => `t${n}`);
    await Promise.all(names.map((id) => journal.accept(turn(id, { session: id === 't7' ? 'other' : 's' }))));
    const newest = names.toReversed();
    const idsOf = async (options?: Partial<TurnsOptions>) => (await shown(options)).map(({ turn_id }) => turn_id);
    expect(await idsOf()).toEqual(newest);
    expect(await idsOf({ limit: 120 })).toEqual(newest.slice(0, 120));
    expect(await idsOf({ session: 'other' })).toEqual(['t7']);
    expect(await idsOf({ status: 'done' })).toEqual([]);
  });

  it('shows turns that are larger than what is read at a time', async () => {
    const journal = openJournal(join(home, 'gateway.db'));
    for (const id of ['a', 'b', 'c']) await journal.accept(turn(id, { text: id.repeat(1_500_000) }));
    expect((await shown()).map(({ text }) => [text[0], text.length])).toEqual([
      ['c', 1_500_000],
      ['b', 1_500_000],
      ['a', 1_500_000],
    ]);
  });

  it('says where no gateway has run yet', async () => {
    const path = join(home, 'gateway.db');
    await expect(shown()).rejects.toThrow(new NoTurnsError(`no journal ${path}: no gateway has run there yet`));
    // As a gateway leaves it that was killed while it made it.
    writeFileSync(path, '');
    await expect(shown()).rejects.toThrow(new NoTurnsError(`no turns in the journal ${path}: it is empty`));
  });

  it.skipIf(lacksPostgres())('shows the turns of all gateways that share a journal in PostgreSQL', async () => {
    const place = await postgresSchema();
    vi.stubEnv('DATABASE_URL', place.url);
    writeFileSync(join(home, 'config.yaml'), `journal:\n  kind: postgres\n  schema: ${place.schema}\n`);
    await expect(shown()).rejects.toThrow(NoTurnsError);
    for (const name of ['one', 'two']) {
      const journal = await openPostgresJournal({ at: place, name });
      await journal.accept(turn(name, { session: name }));
    }
    expect((await shown()).map(({ turn_id }) => turn_id)).toEqual(['two', 'one']);
    expect((await shown({ session: 'one' })).map(({ text }) => text)).toEqual(['text of one']);
  });
});
