import { describe, expect, it, vi } from 'vitest';
import { accepted, say } from '../testing/engines.ts';
import { announcement, unfinishedTurns } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { heldTimers, troubledEngine } from '../testing/troubled-engine.ts';

describe('a turn that cannot be stored as started', () => {
  it('does not run, is kept in its place, and runs when the journal can be written again', async () => {
    heldTimers();
    const { agent, engine, gate, failures, endCall, errors } = troubledEngine();
    for (const text of ['a', 'b', 'c']) await say(engine, text);
    failures.set('start', Number.POSITIVE_INFINITY);
    await endCall(0);
    expect([agent.asked, gate.active, engine.queued]).toEqual([['a'], 0, 2]);
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
    expect([agent.asked, gate.active, engine.queued]).toEqual([['a', 'b', 'c'], 0, 0]);
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
    expect([agent.asked, engine.queued]).toEqual([['a'], 1]);
    signs.draining = false;
    signs.look();
    await movedOn();
    expect(agent.asked).toEqual(['a', 'b']);
  });
});

describe('a turn that cannot be stored as started while the gateway stops', () => {
  it('is left to the next process like queued ones, and its clients are answered', async () => {
    heldTimers();
    const { agent, engine, gate, failures, trouble, signs, endCall, journal } = troubledEngine();
    const [, starting, waiting] = await Promise.all(['a', 'b', 'c'].map((text) => say(engine, text)));
    await movedOn();
    const failure = Promise.withResolvers<void>();
    trouble.until = failure.promise;
    failures.set('start', 1);
    await endCall(0);
    signs.state = 'stopping';
    expect([engine.leaveQueued(), engine.queued]).toEqual([1, 1]);
    failure.resolve();
    await Promise.all([starting?.whenOver, waiting?.whenOver]);
    expect([agent.asked, gate.active, engine.queued, vi.getTimerCount()]).toEqual([['a'], 0, 2, 0]);
    const left = await unfinishedTurns(journal);
    expect(left.map(({ text, status }) => [text, status])).toEqual([
      ['b', 'accepted'],
      ['c', 'accepted'],
    ]);
  });
});

describe('a turn that cannot be stored as ended', () => {
  it('keeps its answer, its place and its count until it is stored, and external turns are refused meanwhile', async () => {
    heldTimers();
    const { agent, engine, gate, storage, failures, endCall, submit, errors } = troubledEngine();
    const turn = await say(engine, 'a', 's', 'm1');
    await say(engine, 'b');
    await movedOn();
    failures.set('end', 2);
    agent.call(0).say('hi');
    await endCall(0);
    for (const _try of [1, 2]) {
      expect([turn.isSettled, agent.asked, gate.active, engine.unstored]).toEqual([false, ['a'], 1, [turn.id]]);
      expect(storage.problem).toMatch(/journal cannot be written: the disk is full; free some space/);
      expect(await submit('c', 'other')).toMatchObject({ refusal: { reason: 'storage-unavailable' } });
      expect(accepted(await submit('a', 's', 'm1'))).toBe(turn);
      expect(engine.interruptRunning()).toBe(0);
      await vi.advanceTimersByTimeAsync(1_000);
      await movedOn();
    }
    await turn.whenOver;
    expect([turn.status, turn.reply, agent.asked]).toEqual(['done', 'hi', ['a', 'b']]);
    expect(errors).toEqual(['the result of a turn could not be stored; retrying, its answer waits']);
    expect([storage.problem, engine.unstored]).toEqual([undefined, []]);
    await endCall(1);
    expect([agent.asked, gate.active, engine.queued]).toEqual([['a', 'b'], 0, 0]);
  });

  it('is a problem of the storage until the last one of them is stored', async () => {
    heldTimers();
    const { engine, storage, failures, endCall } = troubledEngine();
    for (const session of ['s', 't']) await say(engine, 'a', session);
    await movedOn();
    failures.set('end', 3);
    for (const index of [0, 1]) await endCall(index);
    for (const problem of [true, false]) {
      expect(storage.problem !== undefined).toBe(true);
      await vi.advanceTimersByTimeAsync(1_000);
      await movedOn();
      expect(storage.problem !== undefined).toBe(problem);
    }
  });

  it('is tried once more when the gateway stops, and left to the next process, which is said to all who wait', async () => {
    heldTimers();
    const { engine, gate, signs, failures, endCall, journal } = troubledEngine();
    const turn = await say(engine, 'a');
    await movedOn();
    failures.set('end', Number.POSITIVE_INFINITY);
    await endCall(0);
    signs.state = 'stopping';
    await engine.leaveUnstored();
    await turn.whenOver;
    await movedOn();
    expect([turn.isSettled, gate.active, engine.unstored, vi.getTimerCount()]).toEqual([false, 0, [turn.id], 0]);
    expect((await unfinishedTurns(journal)).map(({ status }) => status)).toEqual(['running']);
  });

  it('counts as stored when the journal has it as ended, as after a commit that was reported as failed', async () => {
    heldTimers();
    const { engine, failures, endCall, journal } = troubledEngine();
    const turn = await say(engine, 'a');
    await movedOn();
    failures.set('end', 1);
    await endCall(0);
    await journal.end(turn.id, turn.ending('done'), announcement('s', 'a'));
    await vi.advanceTimersByTimeAsync(1_000);
    await movedOn();
    expect([turn.status, engine.unstored]).toEqual(['done', []]);
  });

  it('is stored, and its session gets the event, when the journal can be written again', async () => {
    heldTimers();
    const { engine, failures, endCall, journal } = troubledEngine();
    const turn = await say(engine, 'a');
    failures.set('end', 2);
    await endCall(0);
    for (const left of [1, 1, 0]) {
      expect(await unfinishedTurns(journal)).toHaveLength(left);
      await vi.advanceTimersByTimeAsync(1_000);
      await movedOn();
    }
    expect(await journal.find(turn.id)).toEqual(turn.toRecord());
    expect((await journal.eventsAfter('s', 0, 10)).map(({ data }) => data.turn_id)).toEqual([turn.id]);
    expect(await engine.find(turn.id)).not.toBe(turn);
  });
});
