import { drive } from '../load/drive.ts';
import type { Bench, Comparison, Series, Target } from '../measurement.ts';
import { type Contender, inTurn } from '../rounds.ts';
import { type Server, Servers } from './turns/servers.ts';

const CONNECTIONS = 50;

/** What a round finds of each contender, in the order of its samples. */
const FINDINGS = [
  { what: 'echo turns', unit: 'per second' },
  { what: 'time of an echo turn', unit: 'ms' },
  { what: 'time of the slowest of a hundred echo turns', unit: 'ms' },
  { what: 'processor time of an echo turn', unit: 'us' },
] as const;

export const turns: Bench = {
  name: 'turns',
  measures: `Echo turns by POST /v1/messages over ${CONNECTIONS} kept-alive connections, from one process on the same machine.`,
  baseline: 'a bare Fastify route with the same JSON in and out, its body validated.',
  async *run({ rounds, quick }) {
    await using servers = await Servers.start();
    const seconds = quick ? 1 : 3;
    const contenders = [
      contender(servers.gateway, seconds),
      contender(servers.withoutJournal, seconds),
      contender(servers.fastify, seconds),
    ] as const;
    const [gateway, withoutJournal, fastify] = await inTurn(contenders, { rounds });
    yield* compare('', gateway, fastify, { atLeast: 0.6 });
    yield* compare(', nothing stored', withoutJournal, fastify, { atLeast: 0.85 });
  },
};

function contender(server: Server, seconds: number): Contender {
  return {
    name: server.name,
    async round() {
      const load = { connections: CONNECTIONS, sessions: CONNECTIONS, until: { seconds } };
      const { perSecond, median, p99, cpu } = await drive(server, load);
      return [perSecond, median, p99, cpu];
    },
  };
}

/** @param target of the turns a second; the rest is for scale. */
function compare(how: string, ours: Series, baseline: Series, target: Target): Comparison[] {
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
    ...(index === 0 ? { target } : {}),
  }));
}
