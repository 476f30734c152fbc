import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engineWith } from '../testing/engines.ts';
import { openJournal } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import type { Turn } from './turn.ts';

const session = fc.constantFrom('s1', 's2');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const), session }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(), fails: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('marker' as const), draining: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
);

describe('TurnEngine', () => {
  it('runs every accepted message exactly once, in the order of its session, through any drains', async () => {
    const journal = openJournal();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { size: '+1', maxLength: 60 }), async (steps) => {
        const agent = new ScriptedAgent();
        const { engine, gate, signs } = engineWith(agent, journal);
        const accepted: Turn[] = [];
        let open = 0;
        const end = async (which: number, fails = false) => {
          const running = agent.calls.filter((call) => !call.ended);
          running[which % Math.max(1, running.length)]?.end(fails ? new Error('no') : undefined);
          await movedOn();
        };
        for (const [index, each] of steps.entries()) {
          if (each.do === 'say') {
            const submission = await engine.submit({ session: each.session, text: `${index}`, kind: 'external' });
            if (submission.kind === 'accepted') accepted.push(submission.turn);
            await movedOn();
          } else if (each.do === 'end') await end(each.which, each.fails);
          else if (each.do === 'marker') signs.draining = each.draining;
          else {
            signs.look();
            await movedOn();
          }
          const running = agent.calls.filter((call) => !call.ended).map((call) => call.request.session);
          expect(new Set(running).size).toBe(running.length);
          expect(gate.active).toBe(running.length);
          open = accepted.filter((turn) => !turn.isSettled).length;
          expect(engine.queued).toBe(open - running.length);
        }
        signs.draining = false;
        signs.look();
        await movedOn();
        for (let left = open; left > 0; left--) await end(0);
        const bySession = (texts: { session: string; text: string }[]) => Object.groupBy(texts, (each) => each.session);
        expect(bySession(agent.calls.map((call) => call.request).map(plain))).toEqual(
          bySession(accepted.map((turn) => plain({ session: turn.message.session, text: turn.text }))),
        );
        expect([gate.active, engine.queued, accepted.every((turn) => turn.isSettled)]).toEqual([0, 0, true]);
      }),
    );
  });
});

function plain(message: { session: string; text: string }): { session: string; text: string } {
  return { session: message.session, text: message.text };
}
