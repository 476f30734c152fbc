import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { SqliteTurnReader } from '../journal/sqlite/turn-reader.ts';
import { accepted, engineWith, say } from '../testing/engines.ts';
import { openJournal, unfinishedTurns } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import type { TurnEngine } from './engine.ts';

/** The texts and states of a session that another process would find in the file. */
async function inFile(path: string, session = 's'): Promise<unknown[]> {
  const reader = new SqliteTurnReader(path);
  try {
    return (await reader.turns({ session, limit: 100 })).map(({ text, status }) => [text, status]);
  } finally {
    await reader.close();
  }
}

function submit(engine: TurnEngine, text: string, messageId?: string) {
  return engine.submit({ session: 's', text, messageId, kind: 'external' });
}

describe('a message that was accepted', () => {
  it.each<[what: string, before: string[], draining: boolean, status: string]>([
    ['of an idle session', [], false, 'running'],
    ['behind a running turn', ['earlier'], false, 'accepted'],
    ['that is queued by a drain', [], true, 'accepted'],
    ['that is queued by a drain behind a running turn', ['earlier'], true, 'accepted'],
  ])('%s is in the file before it is reported', async (_what, before, draining, status) => {
    const path = join(temporaryDirectory(), 'gateway.db');
    const { engine, signs } = engineWith(new ScriptedAgent(), openJournal(path), 'queue');
    for (const text of before) await say(engine, text);
    signs.draining = draining;
    const { kind } = await submit(engine, 'hello');
    expect([kind, (await inFile(path))[0]]).toEqual([draining ? 'queued' : 'accepted', ['hello', status]]);
  });

  it('is in the file as ended before its clients get the answer', async () => {
    const path = join(temporaryDirectory(), 'gateway.db');
    const agent = new ScriptedAgent();
    const { engine } = engineWith(agent, openJournal(path));
    const turn = await say(engine, 'hello');
    agent.call(0).end();
    await turn.whenOver;
    expect(await inFile(path)).toEqual([['hello', 'done']]);
  });

  it('is in the file as running when the agent is asked, also behind another', async () => {
    const path = join(temporaryDirectory(), 'gateway.db');
    const agent = new ScriptedAgent();
    const { engine } = engineWith(agent, openJournal(path));
    const files: Promise<unknown[]>[] = [];
    const reply = agent.reply.bind(agent);
    agent.reply = (request, signal) => {
      // Read at once: only its answer comes later.
      files.push(inFile(path));
      return reply(request, signal);
    };
    await say(engine, 'a');
    agent.call(0).end();
    await movedOn();
    await say(engine, 'b');
    agent.call(1).end();
    await movedOn();
    expect((await Promise.all(files)).map(([newest]) => newest)).toEqual([
      ['a', 'running'],
      ['b', 'running'],
    ]);
  });
});

describe('a repeated message', () => {
  it.each<[status: string, end: (agent: ScriptedAgent, engine: TurnEngine) => void]>([
    ['done', (agent) => agent.call(0).end()],
    ['failed', (agent) => agent.call(0).end(new Error('no'))],
    ['interrupted', (_agent, engine) => void engine.interruptRunning()],
  ])('whose turn is %s gets that from the next process', async (status, end) => {
    const path = join(temporaryDirectory(), 'gateway.db');
    const agent = new ScriptedAgent();
    const before = engineWith(agent, openJournal(path));
    const first = await say(before.engine, 'hello', 's', 'm1');
    await movedOn();
    agent.call(0).say('hi');
    await movedOn();
    end(agent, before.engine);
    await first.whenOver;
    await before.journal.close();

    const after = engineWith(new ScriptedAgent(), openJournal(path));
    const submission = await submit(after.engine, 'again', 'm1');
    const again = accepted(submission);
    expect(submission).toMatchObject({ repeated: true });
    expect(again).toMatchObject({ id: first.id, status, problem: first.problem, isSettled: true });
    expect(again.reply).toBe('hi');
    expect([after.gate.active, after.engine.queued]).toEqual([0, 0]);
  });

  it.each<[what: string, before: string[], draining: boolean]>([
    ['in an idle session', [], false],
    ['behind a running turn', ['earlier'], false],
    ['under a drain that holds it', [], true],
  ])('that comes three times at once %s makes one turn', async (_what, before, draining) => {
    const agent = new ScriptedAgent();
    const { engine, signs, journal } = engineWith(agent, undefined, 'queue');
    for (const text of before) await say(engine, text);
    signs.draining = draining;
    const submissions = await Promise.all(['a', 'b', 'c'].map((text) => submit(engine, text, 'm1')));
    const turns = submissions.map((submission) => ('turn' in submission ? submission.turn : undefined));
    expect(new Set(turns).size).toBe(1);
    expect(submissions.map((each) => ('repeated' in each ? each.repeated : false))).toEqual([false, true, true]);
    expect((await unfinishedTurns(journal)).map((record) => record.text)).toEqual([...before, 'a']);
    signs.draining = false;
    signs.look();
    for (const index of [...before, 'a'].keys()) {
      await movedOn();
      agent.call(index).end();
    }
    await movedOn();
    expect([agent.asked, await unfinishedTurns(journal)]).toEqual([[...before, 'a'], []]);
  });

  it('that comes while its turn is being stored as ended gets the end', async () => {
    const agent = new ScriptedAgent();
    const { engine } = engineWith(agent);
    await say(engine, 'a', 's', 'm1');
    await movedOn();
    agent.call(0).say('hi');
    agent.call(0).end();
    for (let repeat = 0; repeat < 5; repeat++) {
      const turn = accepted(await submit(engine, 'a', 'm1'));
      await turn.whenOver;
      expect([turn.status, turn.reply]).toEqual(['done', 'hi']);
    }
    expect(agent.asked).toEqual(['a']);
  });
});
