import { Testbed } from '../../live/testbed.ts';
import { drive } from '../load/drive.ts';
import type { Bench, Curve } from '../measurement.ts';
import { collectGarbage, INSPECTED } from '../process/inspector.ts';
import { residentMemory } from '../process/usage.ts';

type Point = Curve['points'][number];

const SIZES = [10, 100, 1_000, 10_000, 100_000];
const CONNECTIONS = 10;

/** Turns after which everything has been compiled. */
const WARM_UP = 10_000;
const TURNS = 5_000;

export const sessions: Bench = {
  name: 'sessions',
  measures: 'Echo turns in more and more sessions, each of which the gateway has seen before.',
  baseline: 'the same in ten sessions.',
  async *run({ rounds, quick, tell }) {
    const costs: Point[] = [];
    const memory: Point[] = [];
    for (const at of SIZES.filter((size) => !quick || [10, 10_000].includes(size))) {
      tell(`${at} sessions`);
      const found = await measure(at, quick ? 1 : Math.min(rounds, 5));
      costs.push({ at, samples: found.costs });
      memory.push({ at, samples: [found.memory] });
    }
    yield { kind: 'curve', what: 'processor time of a turn', unit: 'us', over: 'sessions', points: costs };
    yield { kind: 'curve', what: 'memory of the gateway', unit: 'MiB', over: 'sessions', points: memory };
  },
};

async function measure(sessions: number, rounds: number): Promise<{ costs: number[]; memory: number }> {
  await using testbed = await Testbed.start({ dashboard: false, within: { gateway: INSPECTED } });
  const { url, program } = testbed.gateway;
  const send = (messages: number) =>
    drive({ url, pid: program.pid }, { connections: CONNECTIONS, sessions, until: { messages } });
  await send(Math.max(sessions, WARM_UP));
  const costs: number[] = [];
  while (costs.length < rounds) costs.push((await send(TURNS)).cpu);
  await collectGarbage(program);
  return { costs, memory: residentMemory(program.pid) / 1_024 };
}
