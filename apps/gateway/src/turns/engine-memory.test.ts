import { describe, expect, it } from 'vitest';
import { accepted, engineWith } from '../testing/engines.ts';
import { openJournal, unfinishedTurns } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import type { Limits } from './limits.ts';
import { limitsFor } from './limits.ts';

const TEXT = 'x'.repeat(1_000);

function limited(limits: Partial<Limits>) {
  const agent = new ScriptedAgent();
  const parts = engineWith(agent, openJournal(), 'queue', limits);
  const submit = (session: string, text = TEXT) => parts.engine.submit({ session, text, kind: 'external' });
  return { ...parts, agent, submit };
}

describe('the backlog', () => {
  it('takes so many bytes, and again when there is room', async () => {
    const { agent, engine, signs, submit } = limited({ backlogBytes: 2_500 });
    signs.draining = true;
    expect([(await submit('a')).kind, (await submit('b')).kind]).toEqual(['queued', 'queued']);
    expect(await submit('c')).toEqual({ kind: 'overloaded', limit: 2_500, unit: 'bytes' });
    expect((await submit('c', 'x'.repeat(500))).kind).toBe('queued');
    signs.draining = false;
    signs.look();
    await movedOn();
    signs.draining = true;
    expect([agent.asked.length, (await submit('d')).kind, engine.queued]).toEqual([3, 'queued', 1]);
  });

  it('counts the bytes of UTF-8', async () => {
    const { signs, submit } = limited({ backlogBytes: 2_500 });
    signs.draining = true;
    expect((await submit('a', '€'.repeat(1_000))).kind).toBe('overloaded');
  });

  it('leaves its texts to the journal until they are needed', async () => {
    const { agent, signs, submit } = limited({});
    const waiting = [accepted(await submit('s')), accepted(await submit('s'))][1];
    signs.draining = true;
    const held = await submit('t', 'held');
    await movedOn();
    if (held.kind !== 'queued') throw new Error(held.kind);
    for (const turn of [waiting, held.turn]) expect(() => turn?.text).toThrow('is in the journal');
    signs.draining = false;
    signs.look();
    agent.call(0).end();
    await movedOn();
    expect(agent.asked).toEqual([TEXT, 'held', TEXT]);
  });
});

describe('the memory for texts and replies', () => {
  it('takes so many bytes of texts that run, and again when one has ended', async () => {
    const { agent, submit } = limited({ intakeBytes: 2_500 });
    expect([(await submit('a')).kind, (await submit('b')).kind]).toEqual(['accepted', 'accepted']);
    expect(await submit('c')).toEqual({ kind: 'overloaded', limit: 2_500, unit: 'bytes' });
    agent.call(0).end();
    await movedOn();
    expect((await submit('c')).kind).toBe('accepted');
  });

  it('takes one text however large', async () => {
    const { submit } = limited({ intakeBytes: 10 });
    expect([(await submit('a')).kind, (await submit('b')).kind]).toEqual(['accepted', 'overloaded']);
  });

  it('lets turns that waited start when there is room, and answers all of them', async () => {
    const { agent, engine, gate, signs, journal, submit } = limited({ intakeBytes: 2_500 });
    signs.draining = true;
    for (const session of ['a', 'b', 'c', 'd', 'e']) expect((await submit(session)).kind).toBe('queued');
    signs.draining = false;
    signs.look();
    await movedOn();
    expect([agent.calls.length, gate.active, engine.queued]).toEqual([2, 2, 3]);
    for (let index = 0; index < 5; index++) {
      agent.call(index).end();
      await movedOn();
    }
    expect([await unfinishedTurns(journal), engine.queued, gate.active]).toEqual([[], 0, 0]);
  });

  it('is given back by a message that could not be stored', async () => {
    const { journal, submit } = limited({ intakeBytes: 1_500 });
    await journal.close();
    expect([(await submit('a')).kind, (await submit('b')).kind]).toEqual(['unstored', 'unstored']);
  });

  it('cuts off a reply that is too long, ends its turn as failed, and aborts the agent', async () => {
    const { agent, journal, submit } = limited({ replyBytes: 3_000 });
    const turn = accepted(await submit('a'));
    for (let piece = 0; piece < 3; piece++) agent.call(0).say(TEXT);
    await turn.whenOver;
    expect([turn.status, turn.problem]).toEqual(['failed', expect.stringContaining('longer than 3000 bytes')]);
    expect(await journal.find(turn.id)).toMatchObject({ status: 'failed', reply: null });
  });

  it('cuts off the reply that would take more than all may have, and leaves the others', async () => {
    const { agent, submit } = limited({ workingBytes: 4_500 });
    const [first, second] = [accepted(await submit('a')), accepted(await submit('b'))];
    agent.call(0).say(TEXT);
    await movedOn();
    for (let piece = 0; piece < 2; piece++) agent.call(1).say(TEXT);
    await second.whenOver;
    expect([second.status, second.problem]).toEqual(['failed', expect.stringContaining('no memory left')]);
    agent.call(0).end();
    await first.whenOver;
    expect(first.status).toBe('done');
  });
});

it('the limits fit into the heap', () => {
  const heap = 300 * 1_048_576;
  const { open, intakeBytes, workingBytes } = limitsFor(heap);
  expect(open).toBeLessThan(50_000);
  expect(open * 2_048 + workingBytes).toBeLessThan(heap / 2);
  expect(intakeBytes).toBeLessThan(workingBytes);
  expect(limitsFor(4 * 1024 * 1_048_576).open).toBe(50_000);
});
