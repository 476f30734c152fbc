import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../journal/journal.ts';
import type { TurnRecord } from '../journal/records.ts';
import { accepted, engineWith, say } from '../testing/engines.ts';
import { failingJournal } from '../testing/failing-journal.ts';
import { openJournal } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { turn } from '../testing/turns.ts';
import type { TurnEngine } from './engine.ts';

const RUNNING = { status: 'running', attempts: 1, startedAt: 2_000 } as const;
const RUN_TWICE = { ...RUNNING, attempts: 2 } as const;

/** An engine that takes over these turns from a process that was killed; nothing has been started yet. */
async function takeOver(left: readonly TurnRecord[], options: { replayable?: boolean; draining?: boolean } = {}) {
  const agent = new ScriptedAgent({ replayable: options.replayable ?? true });
  const parts = engineWith(agent);
  for (const record of left) await parts.journal.accept(record);
  parts.signs.draining = options.draining ?? false;
  await parts.engine.recover(await parts.journal.unfinished());
  expect(agent.asked).toEqual([]);
  parts.engine.resume();
  await movedOn();
  return { ...parts, agent };
}

async function endInTurn(agent: ScriptedAgent): Promise<void> {
  for (let index = 0; index < agent.calls.length; index++) {
    agent.call(index).end();
    await movedOn();
  }
}

/** What a session was told. */
async function told(journal: Journal, session = 's'): Promise<unknown[]> {
  const events = await journal.eventsAfter(session, 0, 100);
  return events.map(({ data }) => [data.turn_id, data.status, data.problem]);
}

describe('turns that waited when the process before was killed', () => {
  it('run in the order of their session, and sessions side by side', async () => {
    const left = ['a', 'b', 'c'].flatMap((id) => [turn(id), turn(`x-${id}`, { session: 'other' })]);
    const { agent, journal, engine } = await takeOver(left);
    expect(agent.asked).toEqual(['text of a', 'text of x-a']);
    await endInTurn(agent);
    const inOrder = (session: string) =>
      agent.calls.filter((call) => call.request.session === session).map((call) => call.request.text);
    expect(inOrder('s')).toEqual(['text of a', 'text of b', 'text of c']);
    expect(inOrder('other')).toEqual(['text of x-a', 'text of x-b', 'text of x-c']);
    expect([await journal.unfinished(), engine.waiting]).toEqual([[], 0]);
  });

  it('run before a message that comes now', async () => {
    const { agent, engine } = await takeOver([turn('a'), turn('b')]);
    await say(engine, 'new');
    await endInTurn(agent);
    expect(agent.asked).toEqual(['text of a', 'text of b', 'new']);
  });

  it('are held while a drain is in force, except internal ones, and run when it is over', async () => {
    const left = [turn('a'), turn('b'), turn('i', { session: 'other', kind: 'internal' })];
    const { agent, engine, signs } = await takeOver(left, { draining: true });
    expect([agent.asked, engine.waiting]).toEqual([['text of i'], 2]);
    signs.draining = false;
    signs.look();
    await movedOn();
    await endInTurn(agent);
    expect(agent.asked).toEqual(['text of i', 'text of a', 'text of b']);
  });

  it('answer whoever repeats the message', async () => {
    const { agent, engine } = await takeOver([turn('a', { messageId: 'm1' })]);
    const submission = await engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' });
    expect(submission).toMatchObject({ kind: 'accepted', repeated: true });
    agent.call(0).say('hi');
    agent.call(0).end();
    const again = accepted(submission);
    await again.whenOver;
    expect([again.id, again.reply, agent.asked]).toEqual(['a', 'hi', ['text of a']]);
  });
});

describe('a turn that ran when the process before was killed', () => {
  it.each([
    ['', false],
    [' also while a drain is in force, which it passes as internal work', true],
  ])('runs once more, before what waits behind it,%s', async (_how, draining) => {
    const left = [turn('a', RUNNING), turn('b')];
    const { agent, gate, signs, journal } = await takeOver(left, { draining });
    expect(agent.asked).toEqual(['text of a']);
    expect([...gate.inFlight()].map(({ id, kind }) => [id, kind])).toEqual([['a', 'internal']]);
    expect(await journal.find('a')).toMatchObject({ status: 'running', attempts: 2 });
    agent.call(0).say('hi');
    agent.call(0).end();
    await movedOn();
    expect(await journal.find('a')).toMatchObject({ status: 'done', reply: 'hi', kind: 'external' });
    expect(agent.asked).toEqual(draining ? ['text of a'] : ['text of a', 'text of b']);
    signs.draining = false;
    signs.look();
    await movedOn();
    expect(agent.asked).toEqual(['text of a', 'text of b']);
  });

  it.each<[why: string, ran: Partial<TurnRecord>, replayable: boolean]>([
    ['it was cut off a second time', RUN_TWICE, true],
    ['the agent must not do anything twice', RUNNING, false],
  ])('is reported as interrupted, and does not run, if %s', async (_why, ran, replayable) => {
    const left = [turn('a', { ...ran, messageId: 'm1' }), turn('b')];
    const { agent, engine, journal } = await takeOver(left, { replayable });
    const problem = expect.stringMatching(/restarted in the middle of this turn.*Write again/);
    expect(await journal.find('a')).toMatchObject({ status: 'interrupted', problem, reply: null });
    expect(await told(journal)).toEqual([['a', 'interrupted', problem]]);
    const repeat = await engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' });
    expect(accepted(repeat)).toHaveProperty('status', 'interrupted');
    expect(agent.asked).toEqual(['text of b']);
  });

  it('is reported as interrupted even if that cannot be stored', async () => {
    const { journal, trouble } = failingJournal();
    await journal.accept(turn('a', { ...RUN_TWICE, messageId: 'm1' }));
    const agent = new ScriptedAgent();
    const { engine } = engineWith(agent, journal);
    trouble.failures.set('end', 1);
    await engine.recover(await journal.unfinished());
    engine.resume();
    const repeat = await engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' });
    expect([accepted(repeat).status, engine.waiting, agent.asked]).toEqual(['interrupted', 0, []]);
  });
});

it('a turn that kills its process runs twice and not a third time', async () => {
  const path = join(temporaryDirectory(), 'gateway.db');
  const asked: string[] = [];
  const boot = async (begin?: (engine: TurnEngine) => Promise<unknown>) => {
    const agent = new ScriptedAgent();
    const journal = openJournal(path);
    const { engine } = engineWith(agent, journal);
    await engine.recover(await journal.unfinished());
    engine.resume();
    await begin?.(engine);
    await movedOn();
    asked.push(...agent.asked);
    const events = await told(journal);
    await journal.close();
    return events;
  };
  expect(await boot((engine) => say(engine, 'deadly'))).toEqual([]);
  expect(await boot()).toEqual([]);
  const lost = [[expect.any(String), 'interrupted', expect.stringContaining('Write again')]];
  expect(await boot()).toEqual(lost);
  expect(await boot()).toEqual(lost);
  expect(asked).toEqual(['deadly', 'deadly']);
});
