import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '@hermes/local-stack';
import { drive } from '../load/drive.ts';
import type { Bench, Series } from '../measurement.ts';
import { type Contender, inTurn } from '../rounds.ts';

const CONNECTIONS = 50;

const FINDINGS = [
  { what: 'requests', unit: 'per second' },
  { what: 'processor time of a request', unit: 'us' },
] as const;

export const embed: Bench = {
  name: 'embed',
  measures: `A Fastify route behind an embedded gate, over ${CONNECTIONS} kept-alive connections: each request is admitted and released.`,
  baseline: 'the same route without a gate.',
  async *run({ rounds, quick }) {
    const home = await mkdtemp(join(tmpdir(), 'hermes-bench-embed-'));
    const programs: Program[] = [];
    const contender = async (name: string, script: string): Promise<Contender> => {
      const path = fileURLToPath(new URL(script, import.meta.url));
      const program = await Program.start({ name, script: path, args: [home], onStderr: () => undefined });
      programs.push(program);
      const target = { url: program.stdout.trim(), pid: program.pid };
      const load = { connections: CONNECTIONS, sessions: CONNECTIONS, until: { seconds: quick ? 1 : 3 } };
      return {
        name,
        async round() {
          const { perSecond, cpu } = await drive(target, load);
          return [perSecond, cpu];
        },
      };
    };
    try {
      const contenders = [
        await contender('with a gate', 'embed/gated-fastify.ts'),
        await contender('without', 'turns/bare-fastify.ts'),
      ] as const;
      const [gated, bare] = await inTurn(contenders, { rounds });
      for (const [index, { what, unit }] of FINDINGS.entries()) {
        const ours = only(gated, index);
        yield { kind: 'comparison', what, unit, statistic: 'median', ours, baseline: only(bare, index) };
      }
    } finally {
      await Promise.all(programs.map((program) => program.kill('SIGKILL')));
      await rm(home, { recursive: true, force: true });
    }
  },
};

function only({ name, rounds }: Series, index: number): Series {
  return { name, rounds: rounds.map((samples) => samples.slice(index, index + 1)) };
}
