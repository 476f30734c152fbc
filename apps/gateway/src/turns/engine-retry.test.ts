import { describe, expect, it, vi } from 'vitest';
import { accepted, say } from '../testing/engines.ts';
import { movedOn } from '../testing/moved-on.ts';
import { heldTimers, troubledEngine } from '../testing/troubled-engine.ts';

describe('a turn that cannot be stored as started', () => {
  it('does not run, is kept in its place, and runs when the journal can be written again', async () => {
    heldTimers();
    const { agent, engine, gate, failures, endCall, errors } = troubledEngine();
    for (const text of ['a', 'b', 'c']) await say(engine, text);
    failures.set('start', Number.POSITIVE_INFINITY);
    await endCall(0);
    expect([agent.asked, gate.active, engine.waiting]).toEqual([['a'], 0, 2]);
    expect(errors).toEqual(['a turn could not be stored as started']);
    for (const failed of [2, 3]) {
      await vi.advanceTimersByTimeAsync(1_000);
      await movedOn();
      expect([agent.asked, gate.active, errors.length]).toEqual([['a'], 0, failed]);
    }
    failures.clear();
    await vi.advanceTimersByTimeAsync(1_000);
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b']);
    await endCall(1);
    await endCall(2);
    expect([agent.asked, gate.active, engine.waiting]).toEqual([['a', 'b', 'c'], 0, 0]);
  });

  it('runs with the next message of its session at the latest, in order', async () => {
    heldTimers();
    const { agent, engine, failures, endCall } = troubledEngine();
    for (const text of ['a', 'b']) await say(engine, text);
    failures.set('start', Number.POSITIVE_INFINITY);
    await endCall(0);
    failures.clear();
    await say(engine, 'c');
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b']);
    await endCall(1);
    expect(agent.asked).toEqual(['a', 'b', 'c']);
  });

  it('leaves no second try behind that would make room for two turns of a session at once', async () => {
    heldTimers();
    const { agent, engine, failures, endCall } = troubledEngine();
    for (const text of ['a', 'b']) await say(engine, text);
    failures.set('start', Number.POSITIVE_INFINITY);
    await endCall(0);
    failures.clear();
    engine.resume();
    await movedOn();
    await endCall(1);
    await say(engine, 'c');
    await vi.advanceTimersByTimeAsync(1_000);
    await say(engine, 'd');
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b', 'c']);
    await endCall(2);
    expect(agent.asked).toEqual(['a', 'b', 'c', 'd']);
  });

  it('waits for the end of a drain that has begun meanwhile', async () => {
    heldTimers();
    const { agent, engine, failures, signs, endCall } = troubledEngine();
    for (const text of ['a', 'b']) await say(engine, text);
    failures.set('start', Number.POSITIVE_INFINITY);
    await endCall(0);
    failures.clear();
    signs.draining = true;
    await vi.advanceTimersByTimeAsync(1_000);
    await movedOn();
    expect([agent.asked, engine.waiting]).toEqual([['a'], 1]);
    signs.draining = false;
    signs.look();
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b']);
  });
});

describe('a turn that cannot be stored as started while the gateway stops', () => {
  it('is left to the next process like those that waited, and whoever waits for it is told', async () => {
    heldTimers();
    const { agent, engine, gate, failures, trouble, signs, endCall, journal } = troubledEngine();
    const [, starting, waiting] = await Promise.all(['a', 'b', 'c'].map((text) => say(engine, text)));
    await movedOn();
    const failure = Promise.withResolvers<void>();
    trouble.until = failure.promise;
    failures.set('start', 1);
    await endCall(0);
    signs.state = 'stopping';
    expect([engine.parkWaiting(), engine.waiting]).toEqual([1, 1]);
    failure.resolve();
    await Promise.all([starting?.whenOver, waiting?.whenOver]);
    expect([agent.asked, gate.active, engine.waiting, vi.getTimerCount()]).toEqual([['a'], 0, 2, 0]);
    const left = await journal.unfinished();
    expect(left.map(({ text, status }) => [text, status])).toEqual([
      ['b', 'accepted'],
      ['c', 'accepted'],
    ]);
  });
});

describe('a turn that cannot be stored as ended', () => {
  it('answers whoever waits, also who repeats the message, and lets the next one run', async () => {
    const { agent, engine, gate, failures, endCall, submit, errors } = troubledEngine();
    const turn = await say(engine, 'a', 's', 'm1');
    await say(engine, 'b');
    await movedOn();
    failures.set('end', 1);
    agent.call(0).say('hi');
    await endCall(0);
    await turn.whenOver;
    expect([turn.status, turn.reply, agent.asked]).toEqual(['done', 'hi', ['a', 'b']]);
    expect(errors).toEqual(['the end of a turn could not be stored yet; a restart would run it again']);
    const repeat = accepted(await submit('a', 's', 'm1'));
    expect([repeat.status, repeat.reply, engine.waiting]).toEqual(['done', 'hi', 0]);
    await endCall(1);
    expect([agent.asked, gate.active, engine.waiting]).toEqual([['a', 'b'], 0, 0]);
  });

  it('is stored, and its session is told, when the journal can be written again', async () => {
    heldTimers();
    const { engine, failures, endCall, journal } = troubledEngine();
    const turn = await say(engine, 'a');
    failures.set('end', 2);
    await endCall(0);
    for (const left of [1, 1, 0]) {
      expect(await journal.unfinished()).toHaveLength(left);
      await vi.advanceTimersByTimeAsync(1_000);
      await movedOn();
    }
    expect(await journal.find(turn.id)).toEqual(turn.toRecord());
    expect((await journal.eventsAfter('s', 0, 10)).map(({ data }) => data.turn_id)).toEqual([turn.id]);
    expect(await engine.find(turn.id)).not.toBe(turn);
  });
});
