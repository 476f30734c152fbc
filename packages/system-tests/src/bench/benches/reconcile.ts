import { rmSync } from 'node:fs';
import { execPath } from 'node:process';
import type { Bench, Comparison, Curve, Effort, Measurement } from '../measurement.ts';
import { inTurn } from '../rounds.ts';
import { type Cost, measureCost } from './reconcile/curves.ts';
import { type CommandFor, Rig } from './reconcile/rig.ts';
import { requireSameSlots } from './reconcile/trees.ts';

const SIZES = [5, 50, 500, 1_000];
const LARGE_SIZES = [5_000, 10_000];

/** What the reference does otherwise, by its rules: it does not know the desired state, nor does it bring back who drained. */
const STARTS_OTHERS = ['down'];

export const reconcile: Bench = {
  name: 'reconcile',
  measures:
    'Whole process from its start to its end, the profiles on disk, an empty scan directory in memory each time; as root, with the skeletons given to another user.',
  baseline:
    "`node -e 0`; a Python program that makes the same slots by the reference system's rules; a C program that does the same system calls, on one thread.",
  run: measure,
};

async function* measure(effort: Effort): AsyncGenerator<Measurement> {
  using rig = new Rig();
  yield* compareFew(rig, effort);
  yield* compareWithPython(rig, effort);
  if (!effort.quick) yield* compareWithC(rig, effort);
  const costs = [...SIZES, ...(effort.quick ? [] : LARGE_SIZES)].map((profiles) => {
    effort.tell(`${profiles} profiles`);
    return measureCost(rig, profiles, profiles > 1_000 ? 3 : effort.rounds);
  });
  yield* curvesOf(costs);
}

async function* compareFew(rig: Rig, { rounds }: Effort): AsyncGenerator<Comparison> {
  const ours = rig.ours(rig.home(5));
  const [mine, node] = await inTurn(
    [
      contender('hermes-s6', 5, () => rig.fill(ours).wall),
      contender('node -e 0', 5, () => rig.stopwatch.time([execPath, '-e', '0']).wall),
    ],
    { rounds },
  );
  yield comparison(5, mine, node, 1.5);
}

async function* compareWithPython(rig: Rig, { rounds, tell }: Effort): AsyncGenerator<Comparison> {
  tell('1,000 profiles, Python in turn');
  const home = rig.home(1_000);
  const [ours, python] = [rig.ours(home), rig.reference(home, rig.like(home))];
  requireSame(rig, ours, python, STARTS_OTHERS);
  const [mine, reference] = await inTurn(
    [contender('hermes-s6', 1, () => rig.fill(ours).wall), contender('Python', 1, () => rig.fill(python).wall)],
    { rounds },
  );
  yield comparison(1_000, mine, reference, 0.6);
}

async function* compareWithC(rig: Rig, { rounds, tell }: Effort): AsyncGenerator<Comparison> {
  tell('5,000 profiles, C in turn');
  const home = rig.home(5_000);
  const [ours, c] = [rig.ours(home), rig.sameCalls(home, rig.like(home))];
  requireSame(rig, ours, c);
  const [mine, same] = await inTurn(
    [contender('hermes-s6', 1, () => rig.fill(ours).wall), contender('C', 1, () => rig.fill(c).wall)],
    { rounds },
  );
  yield comparison(5_000, mine, same, 1.2);
}

function requireSame(rig: Rig, ours: CommandFor, theirs: CommandFor, mayDiffer?: readonly string[]): void {
  const [a, b] = [rig.scandir(), rig.scandir()];
  rig.stopwatch.time(ours(a));
  rig.stopwatch.time(theirs(b));
  requireSameSlots(a, b, mayDiffer);
  for (const scandir of [a, b]) rmSync(scandir, { recursive: true });
}

function contender(name: string, times: number, once: () => number) {
  return { name, round: () => Array.from({ length: times }, once) };
}

function comparison(
  profiles: number,
  ours: Comparison['ours'],
  baseline: Comparison['baseline'],
  atMost: number,
): Comparison {
  const what = `reconcile of ${profiles.toLocaleString('en')} profiles, whole process`;
  return { kind: 'comparison', what, unit: 'ms', statistic: 'median', ours, baseline, target: { atMost } };
}

function* curvesOf(costs: readonly Cost[]): Generator<Curve> {
  const curve = (what: string, unit: Curve['unit'], samples: (cost: Cost) => readonly number[]): Curve => ({
    kind: 'curve',
    what,
    unit,
    over: 'profiles',
    points: costs.map((cost) => ({ at: cost.profiles, samples: samples(cost) })),
  });
  yield curve('first reconcile', 'ms', ({ first }) => first.map(({ wall }) => wall));
  yield curve('processor time of it', 'ms', ({ first }) => first.map(({ user, system }) => user + system));
  yield curve('peak memory of it', 'MiB', ({ first }) => first.map(({ peak }) => peak));
  yield curve('system calls of it', 'calls', ({ systemCalls }) => [systemCalls]);
  yield curve('once more, nothing supervised', 'ms', ({ again }) => again.map(({ wall }) => wall));
  yield curve('once more, all supervised', 'ms', ({ supervised }) => supervised.map(({ wall }) => wall));
}
