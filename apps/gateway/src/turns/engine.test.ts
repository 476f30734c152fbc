import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { engineWith, say } from '../testing/engines.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import { LIMITS, type TurnEngine } from './engine.ts';

function scripted(options?: { stubborn?: boolean }) {
  const agent = new ScriptedAgent(options);
  return { agent, ...engineWith(agent) };
}

/** Ends every call of the agent, also those that begin when an earlier one has ended, until `count` have been asked. */
async function endCalls(agent: ScriptedAgent, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    agent.call(index).end();
    await nextTurn();
  }
}

function submit(engine: TurnEngine, text: string, session = 's') {
  return engine.submit({ session, text, kind: 'external' });
}

describe('TurnEngine', () => {
  it('runs a message at once and ends it with what the agent said', async () => {
    const { agent, engine, gate } = scripted();
    const turn = say(engine, 'hello', 'session');
    expect([turn.status, gate.active, engine.find(turn.id)]).toEqual(['running', 1, turn]);
    expect(agent.call(0).request).toMatchObject({ session: 'session', text: 'hello' });
    agent.call(0).say('hel');
    agent.call(0).say('lo');
    agent.call(0).end();
    await turn.whenSettled;
    expect([turn.status, turn.reply]).toEqual(['done', 'hello']);
    await nextTurn();
    expect([gate.active, engine.waiting, engine.find(turn.id)]).toEqual([0, 0, turn]);
  });

  it('runs the turns of a session one at a time, in the order they came', async () => {
    const { agent, engine, gate } = scripted();
    const turns = ['a', 'b', 'c'].map((text) => say(engine, text));
    expect([agent.asked, gate.active, engine.waiting]).toEqual([['a'], 1, 2]);
    await nextTurn();
    expect(turns.map((turn) => turn.status)).toEqual(['running', 'accepted', 'accepted']);
    await endCalls(agent, 3);
    expect(agent.asked).toEqual(['a', 'b', 'c']);
    expect([gate.active, engine.waiting]).toEqual([0, 0]);
  });

  it('runs as many sessions at once as there are', () => {
    const { agent, engine, gate } = scripted();
    for (let session = 0; session < 100; session++) say(engine, 'hi', `s${session}`);
    expect([agent.calls.length, gate.active, engine.waiting]).toEqual([100, 100, 0]);
  });

  it('tells the gate when a turn moves on', async () => {
    const { agent, engine, gate } = scripted();
    say(engine, 'a');
    const [work] = gate.inFlight();
    if (work) work.lastProgressAt = 0;
    agent.call(0).say('piece');
    await nextTurn();
    expect(work?.lastProgressAt).toBeGreaterThan(0);
  });

  it('fails a turn whose agent throws, tells the log and not the client why, and runs the next', async () => {
    const { agent, engine, errors } = scripted();
    const [failing, next] = [say(engine, 'a'), say(engine, 'b')];
    agent.call(0).end(new Error('password is hunter2'));
    await failing.whenSettled;
    expect(failing.status).toBe('failed');
    expect(failing.problem).toMatch(/^The agent failed;.*again/);
    expect(errors).toEqual(['the agent failed']);
    await nextTurn();
    agent.call(1).end();
    await next.whenSettled;
    expect(next.status).toBe('done');
  });

  it('outlives an agent that throws before it replies', async () => {
    const broken = {
      name: 'broken',
      replayable: true,
      reply: () => {
        throw new Error('no');
      },
    };
    const { engine, gate } = engineWith(broken);
    const turns = [say(engine, 'a'), say(engine, 'b')];
    await Promise.all(turns.map((turn) => turn.whenSettled));
    await nextTurn();
    expect(turns.map((turn) => turn.status)).toEqual(['failed', 'failed']);
    expect([gate.active, engine.waiting]).toEqual([0, 0]);
  });
});

describe('a repeated message', () => {
  it('gets the first turn, while it runs, when it has ended, and while draining', async () => {
    const { agent, engine, signs } = scripted();
    const first = say(engine, 'hello', 's', 'm1');
    const repeat = () => engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' });
    expect(repeat()).toEqual({ kind: 'accepted', turn: first, repeated: true });
    signs.draining = true;
    expect(repeat()).toEqual({ kind: 'accepted', turn: first, repeated: true });
    await endCalls(agent, 1);
    expect(repeat()).toEqual({ kind: 'accepted', turn: first, repeated: true });
    expect(agent.asked).toEqual(['hello']);
  });

  it('of another session is another message', () => {
    const { agent, engine } = scripted();
    say(engine, 'a', 's1', 'm1');
    say(engine, 'b', 's2', 'm1');
    expect(agent.asked).toEqual(['a', 'b']);
  });

  it('that was refused the first time is taken the second time', () => {
    const { agent, engine, signs } = scripted();
    signs.draining = true;
    expect(engine.submit({ session: 's', text: 'a', messageId: 'm1', kind: 'external' }).kind).toBe('refused');
    signs.draining = false;
    say(engine, 'a', 's', 'm1');
    expect(agent.asked).toEqual(['a']);
  });
});

describe('the limits of a TurnEngine', () => {
  it('let so many wait behind one turn, and others are not affected', async () => {
    const { agent, engine } = scripted();
    for (let message = 0; message <= LIMITS.perSession; message++) say(engine, 'a');
    expect(submit(engine, 'one too many')).toEqual({ kind: 'overloaded', limit: LIMITS.perSession });
    expect(submit(engine, 'a', 'other').kind).toBe('accepted');
    agent.call(0).end();
    await nextTurn();
    expect(submit(engine, 'there is room again').kind).toBe('accepted');
  });

  it('let so many be open in all', () => {
    const { engine } = scripted();
    for (let message = 0; message < LIMITS.open; message++) say(engine, 'a', `s${message % 100}`);
    expect(submit(engine, 'one too many', 'new')).toEqual({ kind: 'overloaded', limit: LIMITS.open });
    expect(engine.waiting).toBe(LIMITS.open - 100);
  });
});
