import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningDashboard, startDashboard } from '@hermes/local-stack';
import type { Bench, Comparison, Curve, Series } from '../measurement.ts';
import { residentMemory, usageOf } from '../process/usage.ts';
import { type Contender, inTurn } from '../rounds.ts';
import { accessTo } from './events/access.ts';
import { Listener, Poller } from './events/followers.ts';
import { Readers } from './events/readers.ts';
import { TurnsFile } from './events/turns-file.ts';

/** Not in step with a poll each second. */
const CHANGE_MS = 1_300;

const READERS = [1, 10, 100, 1_000] as const;

export const events: Bench = {
  name: 'events',
  measures:
    'Following one gateway over GET /api/events, and how many can: what a change costs, and when the last one knows.',
  baseline: 'asking GET /api/status once a second.',
  async *run({ rounds, quick, tell }) {
    const home = await mkdtemp(join(tmpdir(), 'hermes-bench-'));
    const file = new TurnsFile(home);
    const env = { HERMES_DASHBOARD_PORT: '0', HERMES_DASHBOARD_DRAIN_SECRET: undefined };
    const dashboard = await startDashboard({ home, env, onStderr: () => undefined });
    try {
      const changes = quick ? 2 : 4;
      const [listening, polling] = await inTurn(
        [follow('events', Listener, dashboard, file, changes), follow('polls', Poller, dashboard, file, changes)],
        { rounds: Math.min(rounds, 6), warmUp: 0 },
      );
      yield* comparisons(listening, polling);
      tell('many readers');
      yield* await curves(dashboard, file, quick ? READERS.slice(0, -1) : READERS, quick ? 5 : 20);
    } finally {
      await dashboard.program.kill('SIGKILL');
      await rm(home, { recursive: true });
    }
  },
};

/** What it costs to follow for a minute, once it has begun, in the order of its samples; the rest are delays in ms. */
const COSTS = [
  { what: 'requests a minute', unit: 'calls' },
  { what: 'over the wire in a minute', unit: 'KiB' },
  { what: "the dashboard's processor time in a minute", unit: 'ms' },
] as const;

function follow(
  name: string,
  Follower: typeof Listener | typeof Poller,
  dashboard: RunningDashboard,
  file: TurnsFile,
  changes: number,
): Contender {
  const { pid } = dashboard.program;
  return {
    name,
    async round() {
      using follower = new Follower(accessTo(dashboard));
      await follower.start();
      const costs = () => [follower.requests, follower.bytes / 1_024, usageOf(pid).cpu];
      const before = costs();
      const start = performance.now();
      const delays: number[] = [];
      for (let change = 1; change <= changes; change += 1) {
        const changedAt = file.change();
        await follower.knows(file.turns);
        delays.push(performance.now() - changedAt);
        await delay(start + change * CHANGE_MS - performance.now());
      }
      const aMinute = 60_000 / (performance.now() - start);
      return [...costs().map((cost, index) => (cost - (before[index] ?? 0)) * aMinute), ...delays];
    },
  };
}

function comparisons(ours: Series, baseline: Series): Comparison[] {
  const only = ({ name, rounds }: Series, from: number, to?: number): Series => ({
    name,
    rounds: rounds.map((samples) => samples.slice(from, to)),
  });
  const shared = { kind: 'comparison', statistic: 'median' } as const;
  return [
    {
      ...shared,
      what: 'until a change is known',
      unit: 'ms',
      ours: only(ours, COSTS.length),
      baseline: only(baseline, COSTS.length),
    },
    ...COSTS.map((cost, index) => ({
      ...shared,
      ...cost,
      ours: only(ours, index, index + 1),
      baseline: only(baseline, index, index + 1),
    })),
  ];
}

async function curves(
  dashboard: RunningDashboard,
  file: TurnsFile,
  sizes: readonly number[],
  changes: number,
): Promise<Curve[]> {
  const { pid } = dashboard.program;
  const found: { at: number; delays: number[]; memory: number; cpu: number }[] = [];
  for (const at of sizes) {
    using readers = await Readers.open(accessTo(dashboard), at);
    const before = usageOf(pid).cpu;
    const delays: number[] = [];
    for (let change = 0; change < changes; change += 1) {
      const changedAt = file.change();
      await readers.haveRead(`"active_agents":${file.turns},`);
      delays.push(performance.now() - changedAt);
    }
    found.push({ at, delays, memory: residentMemory(pid) / 1_024, cpu: (usageOf(pid).cpu - before) / changes });
  }
  const curve = (what: string, unit: Curve['unit'], samplesOf: (point: (typeof found)[number]) => number[]): Curve => ({
    kind: 'curve',
    what,
    unit,
    over: 'readers',
    points: found.map((point) => ({ at: point.at, samples: samplesOf(point) })),
  });
  return [
    curve('until the last reader knows of a change', 'ms', ({ delays }) => delays),
    curve("the dashboard's processor time for a change", 'ms', ({ cpu }) => [cpu]),
    curve("the dashboard's memory", 'MiB', ({ memory }) => [memory]),
  ];
}
