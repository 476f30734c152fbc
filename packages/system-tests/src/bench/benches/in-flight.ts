import type { Bench, Comparison, Curve } from '../measurement.ts';
import { inTurn } from '../rounds.ts';
import { BusyGateway } from './in-flight/busy-gateway.ts';

type Point = Curve['points'][number];

const SIZES = [10, 100, 1_000, 10_000, 20_000];
const FEW = 10;

/** Turns after which a gateway has everything that it needs once. */
const WARM_UP = 2_000;

/** Cycles of begin and cancel in one round. */
const CYCLES = 5;

export const inFlight: Bench = {
  name: 'in-flight',
  measures:
    'Turns in flight, each in a session of its own: how long it takes to take them in; from writing a marker until the drain is published; what memory they hold.',
  baseline: 'the same with ten of them.',
  async *run({ rounds, quick }) {
    const sizes = SIZES.filter((size) => !quick || size <= 1_000);
    yield* growth(sizes, rounds);
    yield await compare(quick ? 1_000 : 10_000, rounds);
    const samples = await memoryOfTurns(quick ? 5_000 : 20_000, Math.min(rounds, 5));
    yield { kind: 'figure', what: 'memory of a turn in flight', unit: 'KiB', samples, target: { atMost: 4 } };
  },
};

async function* growth(sizes: readonly number[], rounds: number): AsyncGenerator<Curve> {
  const taken: Point[] = [];
  const published: Point[] = [];
  for (const at of sizes) {
    await using crowd = await BusyGateway.start();
    taken.push({ at, samples: [await crowd.grow(at)] });
    published.push({ at, samples: await drainsOf(crowd, rounds * CYCLES) });
  }
  yield { kind: 'curve', what: 'taking turns in', unit: 's', over: 'turns', points: taken };
  yield { kind: 'curve', what: 'publishing a drain', unit: 'ms', over: 'turns in flight', points: published };
}

async function compare(many: number, rounds: number): Promise<Comparison> {
  await using crowd = await BusyGateway.of(many);
  await using handful = await BusyGateway.of(FEW);
  const [ours, baseline] = await inTurn(
    [
      { name: `${many} in flight`, round: () => drainsOf(crowd, CYCLES) },
      { name: `${FEW} in flight`, round: () => drainsOf(handful, CYCLES) },
    ],
    { rounds },
  );
  const what = 'publishing a drain with a crowd in flight';
  return { kind: 'comparison', what, unit: 'ms', statistic: 'median', ours, baseline, target: { atMost: 1.2 } };
}

async function memoryOfTurns(turns: number, samples: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < samples) {
    await using crowd = await BusyGateway.of(WARM_UP);
    const before = await crowd.memory();
    await crowd.grow(turns);
    found.push(((await crowd.memory()) - before) / turns);
  }
  return found;
}

async function drainsOf(crowd: BusyGateway, count: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) times.push(await crowd.drain());
  return times;
}
