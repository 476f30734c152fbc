import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, vi } from 'vitest';
import type { Journal } from '../journal/journal.ts';
import type { TurnRecord } from '../journal/turn-store.ts';
import { accepted, engineWith, say, startingEngine } from '../testing/engines.ts';
import { failingJournal } from '../testing/failing-journal.ts';
import { openJournal, unfinishedTurns } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import { heldTimers } from '../testing/troubled-engine.ts';
import { turn } from '../testing/turns.ts';
import type { TurnEngine } from './engine.ts';
import { recover } from './recovery.ts';

const RUNNING = { status: 'running', attempts: 1, startedAt: 2_000 } as const;
const RUN_TWICE = { ...RUNNING, attempts: 2 } as const;

/** An engine that takes over these turns from a process that was killed; nothing has been started yet. */
async function takeOver(left: readonly TurnRecord[], options: { replayable?: boolean; draining?: boolean } = {}) {
  const agent = new ScriptedAgent({ replayable: options.replayable ?? true });
  const parts = startingEngine(agent);
  for (const record of left) await parts.journal.accept(record);
  parts.signs.draining = options.draining ?? false;
  await recover(parts.engine, parts.journal);
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

/** The events of a session. */
async function eventsOf(journal: Journal, session = 's'): Promise<unknown[]> {
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
    expect([await unfinishedTurns(journal), engine.queued]).toEqual([[], 0]);
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
    expect([agent.asked, engine.queued]).toEqual([['text of i'], 2]);
    signs.draining = false;
    signs.look();
    await movedOn();
    await endInTurn(agent);
    expect(agent.asked).toEqual(['text of i', 'text of a', 'text of b']);
  });

  it('answer a client that repeats the message', async () => {
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
    const problem = expect.stringMatching(/restarted during this turn.*Write again/);
    expect(await journal.find('a')).toMatchObject({ status: 'interrupted', problem, reply: null });
    expect(await eventsOf(journal)).toEqual([['a', 'interrupted', problem]]);
    const repeat = await engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' });
    expect(accepted(repeat)).toHaveProperty('status', 'interrupted');
    expect(agent.asked).toEqual(['text of b']);
  });

  it('is reported as interrupted when that can be stored, and keeps nothing else from running', async () => {
    heldTimers();
    const { journal, trouble } = failingJournal();
    await journal.accept(turn('a', { ...RUN_TWICE, messageId: 'm1' }));
    const agent = new ScriptedAgent();
    const { engine, storage } = startingEngine(agent, journal);
    trouble.failures.set('end', 1);
    await recover(engine, journal);
    engine.resume();
    await movedOn();
    expect(storage.problem).toMatch(/cannot be written/);
    const repeat = accepted(await engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' }));
    expect([repeat.isSettled, engine.queued, agent.asked]).toEqual([false, 0, []]);
    await vi.advanceTimersByTimeAsync(1_000);
    await repeat.whenOver;
    expect([repeat.status, storage.problem, agent.asked]).toEqual(['interrupted', undefined, []]);
  });
});

describe('an engine that has not taken over everything', () => {
  it('refuses messages, also repeated ones, and gives the first answer afterwards', async () => {
    const agent = new ScriptedAgent();
    const { engine, journal } = startingEngine(agent);
    for (const id of ['a', 'b']) await journal.accept(turn(id, { messageId: id }));
    const submit = () => engine.submit({ session: 's', text: 'again', messageId: 'b', kind: 'external' });
    expect(await submit()).toEqual({ kind: 'refused', refusal: { reason: 'starting' } });
    engine.takeOver(await journal.unfinished(0, 1));
    expect([engine.acceptsMessages, await submit()]).toMatchObject([false, { refusal: { reason: 'starting' } }]);
    await recover(engine, journal);
    const again = accepted(await submit());
    engine.resume();
    await movedOn();
    await endInTurn(agent);
    await again.whenOver;
    expect([again.id, again.status]).toEqual(['b', 'done']);
  });

  it('takes over more turns than are read at a time, in order', async () => {
    const agent = new ScriptedAgent();
    const { engine, journal } = startingEngine(agent);
    const ids = Array.from({ length: 2_001 }, (_, n) => `t${n}`);
    await Promise.all(ids.map((id, n) => journal.accept(turn(id, { session: `${n % 1_999}` }))));
    await recover(engine, journal);
    expect(engine.queued).toBe(2_001);
    engine.resume();
    await movedOn();
    expect(agent.asked).toEqual(ids.slice(0, 1_999).map((id) => `text of ${id}`));
  });
});

describe('a turn in the journal that no engine works on', () => {
  it('runs for a client that repeats its message, as after a commit that succeeded but was reported as failed', async () => {
    const agent = new ScriptedAgent();
    const { engine, journal } = engineWith(agent);
    await journal.accept(turn('a', { messageId: 'm1' }));
    const repeat = () => engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' });
    const turns = (await Promise.all([repeat(), repeat()])).map(accepted);
    expect(turns[1]).toBe(turns[0]);
    await movedOn();
    agent.call(0).say('hi');
    agent.call(0).end();
    await turns[0]?.whenOver;
    expect([turns[0]?.reply, agent.asked]).toEqual(['hi', ['text of a']]);
  });

  it('is not waited for when it is looked at', async () => {
    const { engine, journal } = engineWith(new ScriptedAgent());
    await journal.accept(turn('a'));
    const found = await engine.find('a');
    await found?.whenOver;
    expect(found?.isSettled).toBe(false);
  });
});

it('a turn that kills its process runs twice and not a third time', async () => {
  const path = join(temporaryDirectory(), 'gateway.db');
  const asked: string[] = [];
  const boot = async (begin?: (engine: TurnEngine) => Promise<unknown>) => {
    const agent = new ScriptedAgent();
    const journal = openJournal(path);
    const { engine } = startingEngine(agent, journal);
    await recover(engine, journal);
    engine.resume();
    await begin?.(engine);
    await movedOn();
    asked.push(...agent.asked);
    const events = await eventsOf(journal);
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
