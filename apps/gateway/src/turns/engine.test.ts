import { describe, expect, it } from 'vitest';
import { accepted, engineWith, say } from '../testing/engines.ts';
import { movedOn } from '../testing/moved-on.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import type { TurnEngine } from './engine.ts';
import { LIMITS } from './limits.ts';

function scripted(options?: { stubborn?: boolean }) {
  const agent = new ScriptedAgent(options);
  return { agent, ...engineWith(agent) };
}

/** Ends every call of the agent, also those that begin when an earlier one has ended, until `count` have been asked. */
async function endCalls(agent: ScriptedAgent, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    agent.call(index).end();
    await movedOn();
  }
}

function submit(engine: TurnEngine, text: string, session = 's') {
  return engine.submit({ session, text, kind: 'external' });
}

describe('TurnEngine', () => {
  it('runs a message at once and ends it with what the agent said', async () => {
    const { agent, engine, gate } = scripted();
    const turn = await say(engine, 'hello', 'session');
    expect([turn.status, gate.active, await engine.find(turn.id)]).toEqual(['running', 1, turn]);
    expect(agent.call(0).request).toMatchObject({ session: 'session', text: 'hello' });
    agent.call(0).say('hel');
    agent.call(0).say('lo');
    agent.call(0).end();
    await turn.whenOver;
    expect([turn.status, turn.reply]).toEqual(['done', 'hello']);
    await movedOn();
    expect([gate.active, engine.queued]).toEqual([0, 0]);
    expect((await engine.find(turn.id))?.toRecord()).toEqual(turn.toRecord());
  });

  it('runs the turns of a session one at a time, in the order they came', async () => {
    const { agent, engine, gate } = scripted();
    const turns = await Promise.all(['a', 'b', 'c'].map((text) => say(engine, text)));
    expect([agent.asked, gate.active, engine.queued]).toEqual([['a'], 1, 2]);
    await movedOn();
    expect(turns.map((turn) => turn.status)).toEqual(['running', 'accepted', 'accepted']);
    await endCalls(agent, 3);
    expect(agent.asked).toEqual(['a', 'b', 'c']);
    expect([gate.active, engine.queued]).toEqual([0, 0]);
  });

  it('runs as many sessions at once as there are', async () => {
    const { agent, engine, gate } = scripted();
    await Promise.all(Array.from({ length: 100 }, (_, session) => say(engine, 'hi', `s${session}`)));
    await movedOn();
    expect([agent.calls.length, gate.active, engine.queued]).toEqual([100, 100, 0]);
  });

  it('reports progress of a turn to the gate', async () => {
    const { agent, engine, gate } = scripted();
    await say(engine, 'a');
    const [work] = gate.inFlight();
    if (work) work.lastProgressAt = 0;
    agent.call(0).say('piece');
    await movedOn();
    expect(work?.lastProgressAt).toBeGreaterThan(0);
  });

  it('fails a turn whose agent throws, logs the reason without sending it to the client, and runs the next', async () => {
    const { agent, engine, errors } = scripted();
    const [failing, next] = [await say(engine, 'a'), await say(engine, 'b')];
    agent.call(0).end(new Error('password is hunter2'));
    await failing.whenOver;
    expect(failing.status).toBe('failed');
    expect(failing.problem).toMatch(/^The agent failed;.* Send a new message to retry\.$/);
    expect(errors).toEqual(['the agent failed']);
    await movedOn();
    agent.call(1).end();
    await next.whenOver;
    expect(next.status).toBe('done');
  });

  it('outlives an agent that throws before it replies', async () => {
    const broken = {
      name: 'broken',
      replayable: true,
      abortTimeoutMs: 0,
      turnTimeout: 60_000,
      reply: () => {
        throw new Error('no');
      },
    };
    const { engine, gate } = engineWith(broken);
    const turns = [await say(engine, 'a'), await say(engine, 'b')];
    await Promise.all(turns.map((turn) => turn.whenOver));
    await movedOn();
    expect(turns.map((turn) => turn.status)).toEqual(['failed', 'failed']);
    expect([gate.active, engine.queued]).toEqual([0, 0]);
  });
});

describe('a repeated message', () => {
  it('gets the first turn, while it runs, when it has ended, and while draining', async () => {
    const { agent, engine, signs } = scripted();
    const first = await say(engine, 'hello', 's', 'm1');
    const repeat = () => engine.submit({ session: 's', text: 'again', messageId: 'm1', kind: 'external' });
    expect(await repeat()).toEqual({ kind: 'accepted', turn: first, repeated: true });
    signs.draining = true;
    expect(await repeat()).toEqual({ kind: 'accepted', turn: first, repeated: true });
    await endCalls(agent, 1);
    const last = await repeat();
    expect(last).toMatchObject({ kind: 'accepted', repeated: true });
    expect(accepted(last).toRecord()).toEqual(first.toRecord());
    expect(agent.asked).toEqual(['hello']);
  });

  it('gets the first turn also when both come at once', async () => {
    const { agent, engine } = scripted();
    const [first, second] = await Promise.all([say(engine, 'a', 's', 'm1'), say(engine, 'b', 's', 'm1')]);
    expect(second).toBe(first);
    await movedOn();
    expect(agent.asked).toEqual(['a']);
  });

  it('of another session is another message', async () => {
    const { agent, engine } = scripted();
    await say(engine, 'a', 's1', 'm1');
    await say(engine, 'b', 's2', 'm1');
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b']);
  });

  it('that was refused the first time is taken the second time', async () => {
    const { agent, engine, signs } = scripted();
    signs.draining = true;
    const first = await engine.submit({ session: 's', text: 'a', messageId: 'm1', kind: 'external' });
    expect(first.kind).toBe('refused');
    signs.draining = false;
    await say(engine, 'a', 's', 'm1');
    await movedOn();
    expect(agent.asked).toEqual(['a']);
  });
});

describe('the limits of a TurnEngine', () => {
  it('let so many wait behind one turn, and others are not affected', async () => {
    const { agent, engine } = scripted();
    await Promise.all(Array.from({ length: LIMITS.perSession + 1 }, () => say(engine, 'a')));
    expect(await submit(engine, 'one too many')).toEqual({
      kind: 'overloaded',
      limit: LIMITS.perSession,
      unit: 'turns',
    });
    expect((await submit(engine, 'a', 'other')).kind).toBe('accepted');
    agent.call(0).end();
    await movedOn();
    expect((await submit(engine, 'there is room again')).kind).toBe('accepted');
  });

  it('let so many be open in all', async () => {
    const { engine } = scripted();
    await Promise.all(Array.from({ length: LIMITS.open }, (_, message) => say(engine, 'a', `s${message % 100}`)));
    expect(await submit(engine, 'one too many', 'new')).toEqual({
      kind: 'overloaded',
      limit: LIMITS.open,
      unit: 'turns',
    });
    expect(engine.queued).toBe(LIMITS.open - 100);
  });
});
