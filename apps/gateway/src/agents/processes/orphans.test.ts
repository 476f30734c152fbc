import { describe, expect, it } from 'vitest';
import type { CutOffTurn } from '../../journal/turn-store.ts';
import { findOrphans, TURN_MARK } from './orphans.ts';
import type { ProcessStat } from './process-stat.ts';

const EPOCH = 'boot:1';
const GATEWAY = 900;

function stat(known: Partial<ProcessStat> = {}): ProcessStat {
  return { parent: 1, group: 100, session: 100, startTime: 5_000n, isZombie: false, ...known };
}

function recorded(known: Partial<NonNullable<CutOffTurn['process']>> = {}): CutOffTurn {
  return { turn: 'turn-1', process: { group: 100, startTime: '5000', epoch: EPOCH, ...known } };
}

function find(
  turns: readonly CutOffTurn[],
  processes: Record<number, ProcessStat>,
  environments: Record<number, string[]> = {},
) {
  const all = { [GATEWAY]: stat({ parent: 800, session: 800 }), 800: stat({ parent: 1, session: 800 }), ...processes };
  return findOrphans({
    turns,
    processes: new Map(Object.entries(all).map(([pid, process]) => [Number(pid), process])),
    epoch: EPOCH,
    self: GATEWAY,
    environmentOf: (pid) => environments[pid] ?? [],
  });
}

describe('orphans', () => {
  it('are the recorded process and all in its session, whatever their group', () => {
    const processes = { 100: stat(), 101: stat({ group: 101 }), 102: stat({ session: 102 }) };
    expect(find([recorded()], processes)).toEqual([100, 101]);
  });

  it('are found when the recorded process has ended and others of its session have not', () => {
    expect(find([recorded()], { 101: stat({ startTime: 5_001n }) })).toEqual([101]);
  });

  it('are those with the mark of the turn, in whatever session', () => {
    const processes = { 102: stat({ session: 102 }), 103: stat({ session: 103 }) };
    const environments = { 102: ['A=b', `${TURN_MARK}=turn-1`], 103: [`${TURN_MARK}=turn-11`] };
    expect(find([recorded(), { turn: 'turn-2', process: undefined }], processes, environments)).toEqual([102]);
  });

  it.each([
    ['whose number another process has got since', recorded(), stat({ startTime: 7_000n })],
    ['of another boot', recorded({ epoch: 'boot:0' }), stat()],
    ['whose start time is not known', recorded({ startTime: '' }), stat()],
    ['that are zombies', recorded(), stat({ isZombie: true })],
  ])('are not processes %s', (_which, turn, process) => {
    expect(find([turn], { 100: process })).toEqual([]);
  });

  it('are never the gateway itself nor what has started it, which may be its own agent', () => {
    const environments = { [GATEWAY]: [`${TURN_MARK}=turn-1`], 800: [`${TURN_MARK}=turn-1`] };
    expect(find([recorded({ group: 800 })], {}, environments)).toEqual([]);
  });

  it('are none where parents form a circle', () => {
    expect(find([recorded()], { 800: stat({ parent: GATEWAY, session: 800 }) })).toEqual([]);
  });
});
