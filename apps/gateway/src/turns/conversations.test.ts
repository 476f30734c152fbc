import { expect, it } from 'vitest';
import { failingJournal } from '../testing/failing-journal.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import { Conversations } from './conversations.ts';
import { Turn } from './turn.ts';

const RULES = { history: { turns: 5, maxChars: 1_000 }, system: undefined };

function unreadable(failures: number) {
  const { journal, trouble } = failingJournal();
  trouble.failures.set('history', failures);
  const agent = Object.assign(new ScriptedAgent(), { remembers: true });
  const turn = new Turn({ session: 's', text: 'a', kind: 'external' });
  const read = (signal: AbortSignal) => new Conversations(journal, RULES).memoryOf(turn, agent, signal);
  return { read, trouble };
}

it('reads the earlier turns again when the journal could not be read for a moment', async () => {
  const { read } = unreadable(2);
  expect(await read(new AbortController().signal)).toEqual({ history: [], system: undefined });
});

it('gives up when the turn is interrupted', async () => {
  const { read } = unreadable(1_000);
  await expect(read(AbortSignal.abort())).rejects.toThrow('could not be read');
});
