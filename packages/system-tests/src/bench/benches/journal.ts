import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Testbed } from '../../live/testbed.ts';
import { drive } from '../load/drive.ts';
import type { Bench, Curve, Unit } from '../measurement.ts';
import { askForTurns } from './journal/ask.ts';
import { fillJournal } from './journal/fill.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const LOAD = { connections: 10, sessions: 1_000, until: { messages: 5_000 } } as const;

/** What is found at each size. */
const FINDINGS = {
  start: { what: 'start of a gateway', unit: 'ms' },
  turn: { what: 'processor time of a turn', unit: 'us' },
  newest: { what: '`hermes-gateway turns`', unit: 'ms' },
  session: { what: '`hermes-gateway turns --session`', unit: 'ms' },
  failed: { what: '`hermes-gateway turns --status failed`, none', unit: 'ms' },
  size: { what: 'size of the file', unit: 'MiB' },
} as const satisfies Record<string, { what: string; unit: Unit }>;

type Findings = Record<keyof typeof FINDINGS, number[]>;

export const journal: Bench = {
  name: 'journal',
  measures: 'A gateway and its command on a journal with more and more turns that have ended, in a thousand sessions.',
  baseline: 'the same with a thousand turns.',
  async *run({ rounds, quick, tell }) {
    const found: { at: number; findings: Findings }[] = [];
    for (const at of SIZES.filter((size) => !quick || size <= 10_000)) {
      tell(`${at} turns`);
      found.push({ at, findings: await measure(at, quick ? 1 : Math.min(rounds, 5)) });
    }
    for (const [name, { what, unit }] of Object.entries(FINDINGS)) {
      const points = found.map(({ at, findings }) => ({ at, samples: findings[name as keyof Findings] }));
      yield { kind: 'curve', what, unit, over: 'turns', points } satisfies Curve;
    }
  },
};

async function measure(turns: number, rounds: number): Promise<Findings> {
  await using testbed = await Testbed.start({ dashboard: false });
  const { home } = testbed;
  await testbed.gateway.program.stop();
  const path = join(home, 'gateway.db');
  fillJournal(path, turns);
  const found: Findings = { start: [], turn: [], newest: [], session: [], failed: [], size: [] };
  found.size.push((await stat(path)).size / 2 ** 20);
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await testbed.startGateway();
    found.start.push(performance.now() - began);
    const { url, program } = testbed.gateway;
    found.turn.push((await drive({ url, pid: program.pid }, LOAD)).cpu);
    found.newest.push(await askForTurns(home));
    found.session.push(await askForTurns(home, '--session', 'session-1'));
    found.failed.push(await askForTurns(home, '--status', 'failed'));
    await program.stop();
  }
  return found;
}
