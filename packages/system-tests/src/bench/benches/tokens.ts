import { fileURLToPath } from 'node:url';
import { Program } from '@hermes/local-stack';
import { Testbed } from '../../live/testbed.ts';
import { freePort } from '../../live/torture/free-port.ts';
import type { Bench, Series } from '../measurement.ts';
import { inTurn } from '../rounds.ts';
import { type Cost, type Place, readStreams } from './tokens/streams.ts';

export const tokens: Bench = {
  name: 'tokens',
  measures:
    'Fifty streams of fifty tokens a second at a time, from a model server through a gateway that forwards them.',
  baseline: 'a bare Fastify route that pipes the same model server, and stores nothing.',
  async *run({ rounds, quick, tell }) {
    const port = await freePort();
    const model = `http://127.0.0.1:${port}/v1`;
    await using _model = await start('model', String(port));
    const pipePort = await freePort();
    await using pipe = await start('pipe', String(pipePort), `${model}/chat/completions`);
    const agent = `{ kind: openai, base_url: '${model}', model: m }`;
    await using testbed = await Testbed.start({ dashboard: false, agent });
    const { url, program } = testbed.gateway;
    tell('streams through both');
    const [ours, baseline] = [
      contender('gateway', { url, pid: program.pid }),
      contender('pipe', { url: `http://127.0.0.1:${pipePort}`, pid: pipe.pid }),
    ];
    await inTurn([ours, baseline], { rounds: quick ? 2 : Math.min(rounds, 5) });
    yield {
      kind: 'comparison',
      what: 'processor time of a chunk',
      unit: 'us',
      statistic: 'median',
      ours: ours.series((cost) => [cost.chunk]),
      baseline: baseline.series((cost) => [cost.chunk]),
      target: { atMost: 1.5 },
    };
    yield {
      kind: 'comparison',
      what: 'time to the first token',
      unit: 'ms',
      statistic: 'median',
      ours: ours.series((cost) => cost.first),
      baseline: baseline.series((cost) => cost.first),
    };
  },
};

function contender(name: string, place: Place) {
  const costs: Cost[] = [];
  return {
    name,
    async round() {
      costs.push(await readStreams(place));
      return [];
    },
    /** Without the first round, which warms up. */
    series: (of: (cost: Cost) => readonly number[]): Series => ({ name, rounds: costs.slice(1).map(of) }),
  };
}

async function start(name: 'model' | 'pipe', ...args: string[]) {
  const script = fileURLToPath(new URL(`tokens/programs/${name}.ts`, import.meta.url));
  const program = await Program.start({ name, script, args });
  return { pid: program.pid, [Symbol.asyncDispose]: async () => void (await program.kill('SIGKILL')) };
}
