import { join } from 'node:path';
import { Testbed } from '../../live/testbed.ts';
import { drive } from '../load/drive.ts';
import type { Bench, Figure, Series } from '../measurement.ts';
import { type Contender, inTurn } from '../rounds.ts';
import { Door } from './gate/door.ts';

export const gate: Bench = {
  name: 'gate',
  measures: 'A look at the marker, the decision, the count and its release; with a marker, the look and the refusal.',
  baseline: 'an echo turn by POST /v1/messages, one at a time.',
  async *run({ rounds, quick }) {
    await using testbed = await Testbed.start({ dashboard: false });
    const door = await Door.make(join(testbed.home, 'door'));
    const milliseconds = quick ? 100 : 500;
    const target = { url: testbed.gateway.url, pid: testbed.gateway.program.pid };
    const load = { connections: 1, sessions: 1, until: { seconds: quick ? 1 : 3 } };
    const contenders = [
      { name: 'gate, no marker', round: async () => [await door.letIn(milliseconds)] },
      { name: 'gate, a marker', round: async () => [await door.refuse(milliseconds)] },
      { name: 'turn', round: async () => [(await drive(target, load)).median * 1_000] },
    ] as const satisfies Contender[];
    const [open, shut, turn] = await inTurn(contenders, { rounds });
    yield share(open, turn);
    yield share(shut, turn);
    for (const { name, rounds } of [open, shut, turn]) {
      yield { kind: 'figure', what: name, unit: 'us', samples: rounds.flat() };
    }
  },
};

function share(part: Series, whole: Series): Figure {
  const wholes = whole.rounds.flat();
  const samples = part.rounds.flat().map((time, round) => (time / (wholes[round] ?? Number.NaN)) * 100);
  return { kind: 'figure', what: `${part.name}, of a turn`, unit: '%', samples, target: { atMost: 1 } };
}
