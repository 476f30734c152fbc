import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Journal } from '../journal/journal.ts';
import { engineWith } from '../testing/engines.ts';
import { failingJournal } from '../testing/failing-journal.ts';
import { openJournal } from '../testing/journals.ts';
import { openPostgresJournal } from '../testing/postgres-journals.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';

const JOURNALS: readonly [kind: string, open: () => Journal | Promise<Journal>][] = [
  ['SQLite', openJournal],
  ...(lacksPostgres() ? [] : [['PostgreSQL', openPostgresJournal] as [string, () => Promise<Journal>]]),
];

const TEXT = 'x'.repeat(1_000);

/** An engine whose backlog takes 2,500 bytes. */
function engineOn(journal: Journal) {
  const agent = new ScriptedAgent();
  const { engine } = engineWith(agent, journal, 'queue', { backlogBytes: 2_500 });
  onTestFinished(() => engine.close());
  return { agent, engine };
}

/** The same with two messages of 1,000 bytes behind a running one. */
async function filled(journal: Journal) {
  const { agent, engine } = engineOn(journal);
  const message = (messageId: string, text: string) => ({ session: 's', messageId, text, kind: 'external' }) as const;
  const edit = (id: string, text: string) => engine.revise(message(id, text));
  const submit = async (id: string, text: string) => (await engine.submit(message(id, text))).kind;
  await submit('running', 'first');
  await eventually(() => expect(agent.calls).toHaveLength(1));
  for (const id of ['a', 'b']) expect(await submit(id, TEXT)).toBe('accepted');
  const textOf = async (id: string) => (await journal.findMessage('s', id))?.text;
  return { agent, engine, edit, submit, textOf };
}

describe.each(JOURNALS)('an edit of a message that waits, with %s', (_kind, open) => {
  it('must fit into the backlog; the message keeps its text otherwise', async () => {
    const { agent, edit, textOf } = await filled(await open());
    const tooLong = 'y'.repeat(1_501);
    expect([await edit('a', tooLong), await textOf('a')]).toEqual(['overloaded', TEXT]);
    expect(await edit('a', 'y'.repeat(1_500))).toBe('revised');
    expect(await edit('b', `${TEXT}.`)).toBe('overloaded');
    agent.call(0).end();
    await eventually(() => expect(agent.asked).toEqual(['first', 'y'.repeat(1_500)]));
    agent.call(1).end();
    await eventually(() => expect(agent.asked.at(-1)).toBe(TEXT));
  });

  it('may be as long as before or shorter, which makes room for others', async () => {
    const { edit, submit } = await filled(await open());
    expect([await edit('a', 'y'.repeat(1_500)), await edit('a', 'z'.repeat(1_500))]).toEqual(['revised', 'revised']);
    expect(await submit('c', 'x')).toBe('overloaded');
    expect([await edit('b', 'short'), await submit('c', 'x'.repeat(995))]).toEqual(['revised', 'accepted']);
    expect(await submit('d', 'x')).toBe('overloaded');
  });

  it('counts once when several come together, and not when it comes too late', async () => {
    const { agent, edit, engine, submit, textOf } = await filled(await open());
    const longer = 'y'.repeat(1_400);
    expect((await Promise.all([edit('a', longer), edit('b', longer)])).toSorted()).toEqual(['overloaded', 'revised']);
    expect([await edit('running', 'z'), await edit('unknown', 'z')]).toEqual(['too-late', 'too-late']);
    expect(await textOf('running')).toBe('first');
    for (const index of [0, 1, 2]) {
      await eventually(() => expect(agent.calls.length).toBeGreaterThan(index));
      agent.call(index).end();
    }
    await eventually(() => expect(engine.queued).toBe(0));
    expect(await submit('next', 'n')).toBe('accepted');
    await eventually(() => expect(agent.asked.at(-1)).toBe('n'));
    expect(await submit('whole', 'x'.repeat(2_500))).toBe('accepted');
    expect(await submit('over', 'x')).toBe('overloaded');
  });
});

it('an edit that could not be stored takes no room', async () => {
  const { journal, trouble } = failingJournal();
  const { edit, textOf } = await filled(journal);
  trouble.failures.set('revise', 1);
  await expect(edit('a', 'y'.repeat(1_500))).rejects.toThrow();
  expect([await textOf('a'), await edit('b', 'y'.repeat(1_500))]).toEqual([TEXT, 'revised']);
});

it.skipIf(lacksPostgres())('an edit that another gateway of the journal gets has its limit, too', async () => {
  const at = await postgresSchema();
  const { agent, submit, textOf } = await filled(await openPostgresJournal({ at, name: 'first' }));
  const { engine } = engineOn(await openPostgresJournal({ at, name: 'second' }));
  const edit = (text: string) => engine.revise({ session: 's', messageId: 'a', text, kind: 'external' });
  expect([await edit('y'.repeat(2_501)), await textOf('a')]).toEqual(['overloaded', TEXT]);
  expect([await edit('short'), await textOf('a')]).toEqual(['revised', 'short']);
  agent.call(0).end();
  await eventually(() => expect(agent.asked).toEqual(['first', 'short']));
  expect(await submit('next', 'n')).toBe('accepted');
});
