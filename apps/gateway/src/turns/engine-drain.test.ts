import { describe, expect, it } from 'vitest';
import type { TurnRecord } from '../journal/turn-store.ts';
import { engineWith, say } from '../testing/engines.ts';
import { openJournal, unfinishedTurns } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';

function scripted(options?: { stubborn?: boolean }) {
  const agent = new ScriptedAgent(options);
  return { agent, ...engineWith(agent) };
}

describe('a TurnEngine in a drain', () => {
  it('refuses a message, and nothing of it stays', async () => {
    const { agent, engine, signs, gate } = scripted();
    signs.draining = true;
    expect(await engine.submit({ session: 's', text: 'a', kind: 'external' })).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'draining' },
    });
    expect([agent.calls.length, engine.queued, gate.active]).toEqual([0, 0, 0]);
    signs.draining = false;
    engine.resume();
    expect(agent.calls).toEqual([]);
  });

  it('sends no notice of it to the session of a message that is stored after its end', async () => {
    const disk = Promise.withResolvers<void>();
    const journal = openJournal();
    const slow = new Proxy(journal, {
      get: (target, name) => {
        if (name !== 'accept') return Reflect.get(target, name, target);
        return (turn: TurnRecord) => disk.promise.then(() => target.accept(turn));
      },
    });
    const { engine, signs } = engineWith(new ScriptedAgent(), slow, 'queue');
    signs.draining = true;
    const submission = engine.submit({ session: 's', text: 'a', kind: 'external' });
    await movedOn();
    signs.draining = false;
    signs.look();
    disk.resolve();
    expect(await submission).toMatchObject({ kind: 'queued' });
    await movedOn();
    expect(await journal.notifiedSessions('', 9)).toEqual([]);
  });

  it('lets the running turn finish and holds those behind it', async () => {
    const { agent, engine, signs, gate } = scripted();
    const [running, held] = [await say(engine, 'a'), await say(engine, 'b')];
    signs.draining = true;
    agent.call(0).end();
    await running.whenOver;
    await movedOn();
    expect([running.status, held.status]).toEqual(['done', 'accepted']);
    expect([agent.asked, gate.active, engine.queued]).toEqual([['a'], 0, 1]);
  });

  it('runs what it held, in order, when the drain is over', async () => {
    const { agent, engine, signs } = scripted();
    for (const text of ['a', 'b', 'c']) await say(engine, text);
    await say(engine, 'x', 'other');
    await say(engine, 'y', 'other');
    signs.draining = true;
    agent.call(0).end();
    agent.call(1).end();
    await movedOn();
    signs.draining = false;
    signs.look();
    engine.resume();
    await movedOn();
    expect(agent.asked).toEqual(['a', 'x', 'b', 'y']);
    agent.call(2).end();
    await movedOn();
    expect(agent.asked).toEqual(['a', 'x', 'b', 'y', 'c']);
  });

  it('puts a message behind the held ones even if its own look is the first to find the drain over', async () => {
    const { agent, engine, signs } = scripted();
    await say(engine, 'a');
    await say(engine, 'b');
    signs.draining = true;
    agent.call(0).end();
    await movedOn();
    signs.draining = false;
    await say(engine, 'c');
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b']);
    agent.call(1).end();
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b', 'c']);
  });

  it('starts a held turn once, and loses none, if the end of the turn before is the first to find the drain over', async () => {
    const { agent, engine, signs, gate } = scripted();
    const turns = await Promise.all(['a', 'b', 'c'].map((text) => say(engine, text)));
    await movedOn();
    signs.draining = true;
    signs.look();
    signs.draining = false;
    for (let index = 0; index < 3; index++) {
      agent.call(index).end();
      await movedOn();
    }
    expect(agent.asked).toEqual(['a', 'b', 'c']);
    expect(turns.map((turn) => turn.status)).toEqual(['done', 'done', 'done']);
    expect([gate.active, engine.queued]).toEqual([0, 0]);
  });

  it('passes an internal turn', async () => {
    const { agent, engine, signs } = scripted();
    signs.draining = true;
    expect((await engine.submit({ session: 's', text: 'recovered', kind: 'internal' })).kind).toBe('accepted');
    await movedOn();
    expect(agent.asked).toEqual(['recovered']);
  });
});

describe('a TurnEngine that stops', () => {
  it('interrupts running turns, and tells their clients how to continue', async () => {
    const { agent, engine, gate } = scripted();
    const turns = [await say(engine, 'a', 's1'), await say(engine, 'b', 's2')];
    await movedOn();
    expect(engine.interruptRunning()).toBe(2);
    await Promise.all(turns.map((turn) => turn.whenOver));
    await movedOn();
    expect(turns.map((turn) => turn.status)).toEqual(['interrupted', 'interrupted']);
    expect(turns[0]?.problem).toMatch(/stopping and interrupted this turn.*Write again/);
    expect([agent.call(0).signal.aborted, gate.active]).toEqual([true, 0]);
    expect(engine.interruptRunning()).toBe(0);
  });

  it('keeps what was said before the interruption', async () => {
    const { agent, engine } = scripted();
    const turn = await say(engine, 'a');
    await movedOn();
    agent.call(0).say('half');
    await movedOn();
    engine.interruptRunning();
    await turn.whenOver;
    expect([turn.status, turn.reply]).toEqual(['interrupted', 'half']);
  });

  it.each([
    ['ends well', undefined],
    ['throws', new Error('late')],
  ])(
    'calls a turn interrupted, and counts it, until its agent ends that ignores the wish, also if it %s',
    async (_how, error) => {
      const { agent, engine, gate, errors } = scripted({ stubborn: true });
      const turn = await say(engine, 'a');
      await movedOn();
      engine.interruptRunning();
      await movedOn();
      expect(gate.active).toBe(1);
      agent.call(0).end(error);
      await turn.whenOver;
      await movedOn();
      expect([turn.status, gate.active, errors]).toEqual(['interrupted', 0, []]);
    },
  );

  it('leaves queued turns to the next process, answers their clients, and does not touch running turns', async () => {
    const { agent, engine, signs, journal } = scripted();
    const running = await say(engine, 'a');
    const waiting = [await say(engine, 'b'), await say(engine, 'c')];
    await movedOn();
    signs.state = 'stopping';
    expect(engine.leaveQueued()).toBe(2);
    await Promise.all(waiting.map((turn) => turn.whenOver));
    expect(waiting.map((turn) => turn.status)).toEqual(['accepted', 'accepted']);
    agent.call(0).end();
    await running.whenOver;
    await movedOn();
    expect([running.status, agent.asked, engine.queued]).toEqual(['done', ['a'], 2]);
    expect((await unfinishedTurns(journal)).map((record) => [record.text, record.status])).toEqual([
      ['b', 'accepted'],
      ['c', 'accepted'],
    ]);
  });
});

describe('a TurnEngine that queues under a drain', () => {
  it('stores what it would refuse, and runs it behind what it held before, in order', async () => {
    const agent = new ScriptedAgent();
    const { engine, signs, journal } = engineWith(agent, undefined, 'queue');
    await say(engine, 'a');
    await say(engine, 'b');
    signs.draining = true;
    const submit = (text: string, session = 's') => engine.submit({ session, text, kind: 'external' });
    expect(await submit('c')).toMatchObject({ kind: 'queued', refusal: { reason: 'draining' } });
    expect(await submit('x', 'other')).toMatchObject({ kind: 'queued' });
    expect((await unfinishedTurns(journal)).map((record) => record.text)).toEqual(['a', 'b', 'c', 'x']);
    agent.call(0).end();
    await movedOn();
    expect(agent.asked).toEqual(['a']);
    signs.draining = false;
    signs.look();
    await movedOn();
    expect(agent.asked.toSorted()).toEqual(['a', 'b', 'x']);
    agent.call(agent.asked.indexOf('b')).end();
    await movedOn();
    expect(agent.asked.at(-1)).toBe('c');
  });

  it('says of a repeated message that it is queued, for as long as it waits and the drain is on', async () => {
    const agent = new ScriptedAgent();
    const { engine, signs } = engineWith(agent, undefined, 'queue');
    const submit = () => engine.submit({ session: 's', text: 'a', messageId: 'm', kind: 'external' });
    signs.draining = true;
    const both = await Promise.all([submit(), submit()]);
    expect(both.map(({ kind }) => kind)).toEqual(['queued', 'queued']);
    expect(await submit()).toMatchObject({ kind: 'queued', repeated: true, refusal: { reason: 'draining' } });
    signs.state = 'stopping';
    expect(await submit()).toMatchObject({ kind: 'accepted', repeated: true });
    signs.state = 'running';
    signs.draining = false;
    expect(await submit()).toMatchObject({ kind: 'accepted', repeated: true });
    await movedOn();
    signs.draining = true;
    expect(await submit()).toMatchObject({ kind: 'accepted', repeated: true });
    expect(agent.asked).toEqual(['a']);
  });

  it('still refuses when the gateway stops', async () => {
    const { engine, signs } = engineWith(new ScriptedAgent(), undefined, 'queue');
    signs.state = 'stopping';
    const submission = await engine.submit({ session: 's', text: 'a', kind: 'external' });
    expect(submission).toMatchObject({ kind: 'refused', refusal: { reason: 'stopping' } });
  });
});
