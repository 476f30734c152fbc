import { describe, expect, it, vi } from 'vitest';
import { say } from '../testing/engines.ts';
import { unfinishedTurns } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { troubledEngine } from '../testing/troubled-engine.ts';

describe('a message that cannot be stored', () => {
  it.each<[what: string, before: string[], draining: boolean]>([
    ['in an idle session', [], false],
    ['behind a running turn', ['earlier'], false],
    ['under a drain that would hold it', [], true],
    ['under a drain behind a running turn', ['earlier'], true],
  ])('is reported as not stored, and leaves no trace: %s', async (_what, before, draining) => {
    const { agent, engine, gate, failures, signs, submit, journal, errors } = troubledEngine();
    for (const text of before) await say(engine, text);
    await movedOn();
    signs.draining = draining;
    failures.set('accept', Number.POSITIVE_INFINITY);
    expect(await submit('lost', 's', 'm1')).toEqual({ kind: 'unstored' });
    expect(errors).toContain('a message could not be stored');
    await movedOn();
    expect([agent.asked, gate.active, engine.queued]).toEqual([before, before.length, 0]);
    failures.clear();
    signs.draining = false;
    expect(await submit('lost', 's', 'm1')).toMatchObject({ kind: 'accepted', repeated: false });
    expect((await unfinishedTurns(journal)).map((record) => record.text)).toEqual([...before, 'lost']);
  });

  it('is reported to every client that sends it, and to no other client', async () => {
    const { agent, failures, submit } = troubledEngine();
    failures.set('accept', 1);
    const lost = ['a', 'a'].map((text) => submit(text, 's', 'm1'));
    const kept = submit('b', 's', 'm2');
    expect((await Promise.all([...lost, kept])).map(({ kind }) => kind)).toEqual(['unstored', 'unstored', 'accepted']);
    await movedOn();
    expect(agent.asked).toEqual(['b']);
  });

  it.each<[what: string, before: string[]]>([
    ['in an idle session', []],
    ['behind a running turn', ['earlier']],
  ])('does not take those with it that came after it %s', async (_what, before) => {
    const { agent, engine, failures, submit, endCall } = troubledEngine();
    for (const text of before) await say(engine, text);
    failures.set('accept', 1);
    const submissions = await Promise.all(['lost', 'b', 'c'].map((text) => submit(text)));
    expect(submissions.map(({ kind }) => kind)).toEqual(['unstored', 'accepted', 'accepted']);
    for (const index of [...before, 'b', 'c'].keys()) {
      await movedOn();
      await endCall(index);
    }
    expect([agent.asked, engine.queued]).toEqual([[...before, 'b', 'c'], 0]);
  });

  it('does not take those with it that came after it, when a drain ends while it is being stored', async () => {
    const { agent, engine, failures, trouble, signs, submit, endCall } = troubledEngine();
    const failure = Promise.withResolvers<void>();
    trouble.until = failure.promise;
    signs.draining = true;
    failures.set('accept', 1);
    const lost = submit('lost');
    await vi.waitUntil(() => engine.queued === 1, { timeout: 120_000 });
    signs.draining = false;
    signs.look();
    const kept = submit('b');
    await movedOn();
    failure.resolve();
    expect([(await lost).kind, (await kept).kind]).toEqual(['unstored', 'accepted']);
    await movedOn();
    expect(agent.asked).toEqual(['b']);
    await endCall(0);
    expect(engine.queued).toBe(0);
  });

  it('is reported when the journal cannot be searched for an earlier one', async () => {
    const { agent, failures, submit } = troubledEngine();
    failures.set('findMessage', Number.POSITIVE_INFINITY);
    expect(await submit('a', 's', 'm1')).toEqual({ kind: 'unstored' });
    expect(agent.calls).toEqual([]);
  });
});

it('a fault in our own code is not taken for one of the storage', async () => {
  const { engine, failures, trouble, submit } = troubledEngine();
  trouble.error = new TypeError('cannot read properties of undefined');
  failures.set('accept', 1);
  await expect(submit('a')).rejects.toThrow(TypeError);
  expect(engine.queued).toBe(0);
  expect(await submit('a')).toMatchObject({ kind: 'accepted' });
});

describe('under a drain on a disk that hangs, a message is refused', () => {
  const hanging = () => {
    const parts = troubledEngine('refuse');
    parts.trouble.until = new Promise(() => undefined);
    parts.signs.draining = true;
    return parts;
  };

  it('without waiting for the notice of the drain', async () => {
    const { failures, submit } = hanging();
    failures.set('recordNoticeOnce', Number.POSITIVE_INFINITY);
    expect(await submit('a')).toMatchObject({ kind: 'refused', refusal: { reason: 'draining' } });
  });

  it('and does not wait long for what the journal knows of its id', async () => {
    const { failures, submit } = hanging();
    failures.set('findMessage', Number.POSITIVE_INFINITY);
    expect(await submit('a', 's', 'm1')).toMatchObject({ kind: 'refused', refusal: { reason: 'draining' } });
  });
});
