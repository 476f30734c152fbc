import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from '@hermes/local-stack';
import { Testbed } from '../../live/testbed.ts';
import { drive } from '../load/drive.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { residentMemory, usageOf } from '../process/usage.ts';

/** An hour's worth, one a second. */
const TURNS = 3_600;

/** How long a program has to do away with what the turns left behind, in ms. */
const REST_MS = 5_000;

/** How long one watch is, in ms. */
const WATCH_MS = 10_000;

/** What one watch over a program found. */
interface Watch {
  /** % of a core. */
  readonly cpu: number;
  /** A second. */
  readonly wakeUps: number;
}

export const idle: Bench = {
  name: 'idle',
  measures: `A gateway and a dashboard that have nothing to do, after ${TURNS.toLocaleString('en')} turns in sixty sessions.`,
  baseline: 'nothing.',
  async *run({ quick }) {
    await using testbed = await Testbed.start();
    const { gateway, dashboard } = testbed;
    const target = { url: gateway.url, pid: gateway.program.pid };
    await drive(target, { connections: 20, sessions: 60, until: { messages: TURNS } });
    await delay(REST_MS);
    const [ofGateway, ofDashboard] = await Promise.all([
      watch(gateway.program, quick ? 1 : 6),
      watch(dashboard.program, quick ? 1 : 6),
    ]);
    yield* describe('gateway', gateway.program, ofGateway);
    yield* describe('dashboard', dashboard.program, ofDashboard);
  },
};

async function watch({ pid }: Program, watches: number): Promise<Watch[]> {
  const found: Watch[] = [];
  while (found.length < watches) {
    const [before, began] = [usageOf(pid), performance.now()];
    await delay(WATCH_MS);
    const [after, took] = [usageOf(pid), performance.now() - began];
    found.push({
      cpu: ((after.cpu - before.cpu) / took) * 100,
      wakeUps: ((after.wakeUps - before.wakeUps) / took) * 1_000,
    });
  }
  return found;
}

function describe(name: string, { pid }: Program, watches: readonly Watch[]): Measurement[] {
  const cpu = watches.map((watch) => watch.cpu);
  const wakeUps = watches.map((watch) => watch.wakeUps);
  return [
    {
      kind: 'figure',
      what: `processor time of an idle ${name}, of a core`,
      unit: '%',
      samples: cpu,
      target: { atMost: 0.2 },
    },
    { kind: 'figure', what: `wake-ups of an idle ${name}`, unit: 'per second', samples: wakeUps },
    { kind: 'figure', what: `memory of an idle ${name}`, unit: 'MiB', samples: [residentMemory(pid) / 1_024] },
  ];
}
