import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { engineWith, say } from '../testing/engines.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';

function scripted(options?: { stubborn?: boolean }) {
  const agent = new ScriptedAgent(options);
  return { agent, ...engineWith(agent) };
}

describe('a TurnEngine in a drain', () => {
  it('refuses a message, and nothing of it stays', () => {
    const { agent, engine, signs, gate } = scripted();
    signs.draining = true;
    expect(engine.submit({ session: 's', text: 'a', kind: 'external' })).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'draining' },
    });
    expect([agent.calls.length, engine.waiting, gate.active]).toEqual([0, 0, 0]);
    signs.draining = false;
    engine.resume();
    expect(agent.calls).toEqual([]);
  });

  it('lets the running turn finish and holds those behind it', async () => {
    const { agent, engine, signs, gate } = scripted();
    const [running, held] = [say(engine, 'a'), say(engine, 'b')];
    signs.draining = true;
    agent.call(0).end();
    await running.whenSettled;
    await nextTurn();
    expect([running.status, held.status]).toEqual(['done', 'accepted']);
    expect([agent.asked, gate.active, engine.waiting]).toEqual([['a'], 0, 1]);
  });

  it('runs what it held, in order, when the drain is over', async () => {
    const { agent, engine, signs } = scripted();
    for (const text of ['a', 'b', 'c']) say(engine, text);
    say(engine, 'x', 'other');
    say(engine, 'y', 'other');
    signs.draining = true;
    agent.call(0).end();
    agent.call(1).end();
    await nextTurn();
    signs.draining = false;
    signs.look();
    engine.resume();
    expect(agent.asked).toEqual(['a', 'x', 'b', 'y']);
    agent.call(2).end();
    await nextTurn();
    expect(agent.asked).toEqual(['a', 'x', 'b', 'y', 'c']);
  });

  it('puts a message behind the held ones even if its own look is the first to find the drain over', async () => {
    const { agent, engine, signs } = scripted();
    say(engine, 'a');
    say(engine, 'b');
    signs.draining = true;
    agent.call(0).end();
    await nextTurn();
    signs.draining = false;
    say(engine, 'c');
    expect(agent.asked).toEqual(['a', 'b']);
    agent.call(1).end();
    await nextTurn();
    expect(agent.asked).toEqual(['a', 'b', 'c']);
  });

  it('starts a held turn once, and loses none, if the end of the turn before is the first to find the drain over', async () => {
    const { agent, engine, signs, gate } = scripted();
    const turns = ['a', 'b', 'c'].map((text) => say(engine, text));
    signs.draining = true;
    signs.look();
    signs.draining = false;
    for (let index = 0; index < 3; index++) {
      agent.call(index).end();
      await nextTurn();
    }
    expect(agent.asked).toEqual(['a', 'b', 'c']);
    expect(turns.map((turn) => turn.status)).toEqual(['done', 'done', 'done']);
    expect([gate.active, engine.waiting]).toEqual([0, 0]);
  });

  it('passes an internal turn', () => {
    const { agent, engine, signs } = scripted();
    signs.draining = true;
    expect(engine.submit({ session: 's', text: 'recovered', kind: 'internal' }).kind).toBe('accepted');
    expect(agent.asked).toEqual(['recovered']);
  });
});

describe('a TurnEngine that stops', () => {
  it('interrupts what runs, and tells whoever waits for it how to go on', async () => {
    const { agent, engine, gate } = scripted();
    const turns = [say(engine, 'a', 's1'), say(engine, 'b', 's2')];
    expect(engine.interruptRunning()).toBe(2);
    await Promise.all(turns.map((turn) => turn.whenSettled));
    expect(turns.map((turn) => turn.status)).toEqual(['interrupted', 'interrupted']);
    expect(turns[0]?.problem).toMatch(/stopping and cut this turn off.*Write again/);
    expect([agent.call(0).signal.aborted, gate.active]).toEqual([true, 0]);
    expect(engine.interruptRunning()).toBe(0);
  });

  it('keeps what was said before the interruption', async () => {
    const { agent, engine } = scripted();
    const turn = say(engine, 'a');
    agent.call(0).say('half');
    await nextTurn();
    engine.interruptRunning();
    await turn.whenSettled;
    expect([turn.status, turn.reply]).toEqual(['interrupted', 'half']);
  });

  it.each([
    ['ends well', undefined],
    ['throws', new Error('late')],
  ])(
    'calls a turn interrupted, and counts it, until its agent ends that ignores the wish, also if it %s',
    async (_how, error) => {
      const { agent, engine, gate, errors } = scripted({ stubborn: true });
      const turn = say(engine, 'a');
      engine.interruptRunning();
      await nextTurn();
      expect(gate.active).toBe(1);
      agent.call(0).end(error);
      await turn.whenSettled;
      expect([turn.status, gate.active, errors]).toEqual(['interrupted', 0, []]);
    },
  );

  it('gives up what waits, tells whoever waits for it, and leaves alone what runs', async () => {
    const { agent, engine, signs } = scripted();
    const running = say(engine, 'a');
    const waiting = [say(engine, 'b'), say(engine, 'c')];
    signs.state = 'stopping';
    expect(engine.abandonWaiting('send it again')).toBe(2);
    await Promise.all(waiting.map((turn) => turn.whenSettled));
    expect(waiting.map((turn) => [turn.status, turn.problem])).toEqual(Array(2).fill(['interrupted', 'send it again']));
    agent.call(0).end();
    await running.whenSettled;
    await nextTurn();
    expect([running.status, agent.asked, engine.waiting]).toEqual(['done', ['a'], 0]);
    expect(engine.abandonWaiting('again')).toBe(0);
  });

  it('gives up held turns of sessions in which nothing runs', async () => {
    const { agent, engine, signs } = scripted();
    say(engine, 'a');
    const held = say(engine, 'b');
    signs.draining = true;
    agent.call(0).end();
    await nextTurn();
    expect(engine.abandonWaiting('send it again')).toBe(1);
    await held.whenSettled;
    expect(engine.waiting).toBe(0);
  });
});
