import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program, startGateway } from '@hermes/local-stack';
import { lacksPostgres } from '@hermes/test-kit/postgres';
import { Database } from '../../live/fleet/database.ts';
import { drive } from '../load/drive.ts';
import type { Bench, Comparison, Figure, Series } from '../measurement.ts';
import { type Contender, inTurn } from '../rounds.ts';
import { MoveTimes } from './shared/move-times.ts';
import type { Server } from './turns/servers.ts';

const CONNECTIONS = 50;

/** What a round finds, in the order of its samples. */
const FINDINGS = [
  { what: 'echo turns', unit: 'per second' },
  { what: 'time of an echo turn', unit: 'ms' },
  { what: 'processor time of an echo turn, without that of the database', unit: 'us' },
] as const;

export const shared: Bench = {
  name: 'shared',
  measures: `Turns with the journal in PostgreSQL: echo turns over ${CONNECTIONS} connections, and how fast a turn moves to another gateway.`,
  baseline:
    'the same gateway with its journal in SQLite; graphile-worker on the same database, with a queue a session.',
  async *run({ rounds, quick, tell }) {
    if (lacksPostgres()) return tell('not measured: PostgreSQL is not installed');
    yield* turnsPerSecond(rounds, quick ? 1 : 3);
    await using moves = await MoveTimes.start();
    const count = quick ? 5 : 20;
    tell('turns of a draining gateway');
    yield await figure('a queued turn of a draining gateway starts elsewhere', 20, count, () => moves.afterDrain());
    tell('turns of a killed gateway');
    yield await figure('a turn whose gateway is killed starts elsewhere', 300, count, () => moves.afterKill());
  },
};

async function* turnsPerSecond(rounds: number, seconds: number): AsyncGenerator<Comparison> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await Database.start());
  const url = database.url;
  const postgres = await gatewayWith('PostgreSQL', '{ kind: postgres, schema: bench, name: bench }', url, stack);
  const sqlite = await gatewayWith('SQLite', '{ kind: sqlite }', url, stack);
  const graphile = await graphileWorker(url, stack);
  const contenders = [postgres, sqlite, graphile].map((server) => contender(server, seconds));
  const [ours, beside, queue] = (await inTurn(contenders, { rounds })) as [Series, Series, Series];
  yield* compare('', ours, beside, 0.5);
  yield* compare(', beside a queue a session', ours, queue, 5);
}

async function gatewayWith(name: string, journal: string, url: string, stack: AsyncDisposableStack): Promise<Server> {
  const home = await mkdtemp(join(tmpdir(), 'hermes-bench-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  await writeFile(join(home, 'config.yaml'), `journal: ${journal}\nagent: { kind: echo }\n`);
  const env = { DATABASE_URL: url, API_SERVER_PORT: '0', API_SERVER_KEY: undefined };
  const { program, url: address } = await startGateway({ home, env });
  stack.defer(async () => void (await program.kill('SIGKILL')));
  return { name, url: address, pid: program.pid };
}

async function graphileWorker(url: string, stack: AsyncDisposableStack): Promise<Server> {
  const script = fileURLToPath(new URL('shared/graphile-route.ts', import.meta.url));
  const program = await Program.start({ name: 'graphile-worker', script, args: [url] });
  stack.defer(async () => void (await program.kill('SIGKILL')));
  // It logs as well.
  const address = /^http\S+$/m.exec(program.stdout)?.[0] ?? '';
  return { name: program.name, url: address, pid: program.pid };
}

function contender(server: Server, seconds: number): Contender {
  return {
    name: server.name,
    async round() {
      const load = { connections: CONNECTIONS, sessions: CONNECTIONS, until: { seconds } };
      const { perSecond, median, cpu } = await drive(server, load);
      return [perSecond, median, cpu];
    },
  };
}

/** @param atLeast the target of the turns a second; the rest is for scale. */
function compare(how: string, ours: Series, baseline: Series, atLeast: number): Comparison[] {
  const only = ({ name, rounds }: Series, index: number): Series => ({
    name,
    rounds: rounds.map((samples) => samples.slice(index, index + 1)),
  });
  return FINDINGS.map(({ what, unit }, index) => ({
    kind: 'comparison',
    what: `${what}${how}`,
    unit,
    statistic: 'median',
    ours: only(ours, index),
    baseline: only(baseline, index),
    ...(index === 0 ? { target: { atLeast } } : {}),
  }));
}

async function figure(what: string, atMost: number, count: number, measure: () => Promise<number>): Promise<Figure> {
  const samples: number[] = [];
  for (let sample = 0; sample < count; sample += 1) samples.push(await measure());
  return { kind: 'figure', what, unit: 'ms', samples, target: { atMost } };
}
