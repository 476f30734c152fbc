import { setTimeout as delay } from 'node:timers/promises';
import { NO_BROWSER } from '../../live/browser.ts';
import type { Bench, Curve, Figure } from '../measurement.ts';
import { residentMemory, usageOf } from '../process/usage.ts';
import { accessTo } from './events/access.ts';
import { FleetDashboard } from './fleet/fleet-dashboard.ts';
import { ColdPages } from './fleet/page-load.ts';
import { nameOf } from './fleet/planted.ts';

const SIZES = [5, 50, 200, 1_000, 5_000, 10_000] as const;

/** A fleet of an operator who has many. */
const MANY = 200;

export const fleet: Bench = {
  name: 'fleet',
  measures:
    'A dashboard over many profiles whose gateways rest: what it needs while nobody asks, how soon it answers, and how soon its page is there, in a browser that runs already.',
  baseline: 'none.',
  async *run({ rounds, quick, tell }) {
    const visits: Visit[] = [];
    for (const profiles of quick ? SIZES.slice(0, 3) : SIZES) {
      tell(`${profiles} profiles`);
      visits.push(await visit(profiles, quick));
    }
    yield* curves(visits);
    const share = visits.filter(({ profiles }) => profiles === MANY).map(({ idle }) => idle);
    yield {
      kind: 'figure',
      what: `idle, of a core, ${MANY} profiles`,
      unit: '%',
      samples: share,
      target: { atMost: 0.2 },
    };

    if (NO_BROWSER) tell(`the page is not measured: ${NO_BROWSER}`);
    else yield* loads(Math.min(rounds, 5), tell);
  },
};

/** What was found of one dashboard. */
interface Visit {
  readonly profiles: number;
  /** Ms. */
  readonly start: number;
  /** Ms. */
  readonly answers: readonly number[];
  /** Of a core, in per cent. */
  readonly idle: number;
  /** MiB. */
  readonly memory: number;
}

async function visit(profiles: number, quick: boolean): Promise<Visit> {
  await using fleetDashboard = await FleetDashboard.start(profiles);
  const { pid, startedIn: start } = fleetDashboard;
  const answers: number[] = [];
  for (let count = 0; count < 5; count += 1) answers.push(await timeToList(fleetDashboard));
  // What came with the start and the answers is cleared away by then.
  await delay(2_000);
  const idle = await idleShare(pid, quick ? 5_000 : 20_000);
  return { profiles, start, answers, idle, memory: residentMemory(pid) / 1_024 };
}

async function timeToList({ dashboard }: FleetDashboard): Promise<number> {
  const { url, headers } = accessTo(dashboard);
  const start = performance.now();
  const answer = await fetch(`${url}/api/profiles`, { headers });
  await answer.arrayBuffer();
  return performance.now() - start;
}

async function idleShare(pid: number, milliseconds: number): Promise<number> {
  const before = usageOf(pid).cpu;
  const start = performance.now();
  await delay(milliseconds);
  return ((usageOf(pid).cpu - before) / (performance.now() - start)) * 100;
}

function curves(visits: readonly Visit[]): Curve[] {
  const curve = (what: string, unit: Curve['unit'], samplesOf: (visit: Visit) => readonly number[]): Curve => ({
    kind: 'curve',
    what,
    unit,
    over: 'profiles',
    points: visits.map((visit) => ({ at: visit.profiles, samples: samplesOf(visit) })),
  });
  return [
    curve('idle, of a core', '%', ({ idle }) => [idle]),
    curve('memory', 'MiB', ({ memory }) => [memory]),
    curve('GET /api/profiles', 'ms', ({ answers }) => answers),
    curve('until the dashboard is ready', 'ms', ({ start }) => [start]),
  ];
}

async function* loads(count: number, tell: (progress: string) => void): AsyncGenerator<Figure> {
  await using other = await FleetDashboard.start(1);
  await using pages = await ColdPages.open(other);
  const times: { first: number; again: number }[] = [];
  for (let load = 1; load <= count; load += 1) {
    tell(`page ${load} of ${count}`);
    // Freshly started: what it has to do for its first visitor counts.
    await using fleetDashboard = await FleetDashboard.start(MANY);
    times.push(await pages.load(fleetDashboard, `[data-profile="${nameOf(MANY - 1)}"]`));
  }
  const figure = (what: string, samples: number[]): Figure => ({
    kind: 'figure',
    what: `${what}, ${MANY} profiles`,
    unit: 'ms',
    samples,
    target: { atMost: 1_000 },
  });
  yield figure(
    'first load of the page',
    times.map(({ first }) => first),
  );
  yield figure(
    'later load of the page',
    times.map(({ again }) => again),
  );
}
