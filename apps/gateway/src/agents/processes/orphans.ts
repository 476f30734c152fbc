import type { CutOffTurn } from '../../journal/turn-store.ts';
import type { ProcessStat } from './process-stat.ts';

/**
 * A variable in the environment of an agent's processes. It identifies processes that have left the agent's session.
 */
export const TURN_MARK = 'HERMES_TURN_ID';

/** The input of a search for orphans. */
export interface OrphanSearch {
  readonly turns: readonly CutOffTurn[];
  readonly processes: ReadonlyMap<number, ProcessStat>;
  /** The boot in which the processes run. */
  readonly epoch: string;
  /** The process that searches. */
  readonly self: number;
  /** The environment that a process was started with, as `NAME=value`. */
  environmentOf(pid: number): readonly string[];
}

/**
 * The processes that agents started for `turns` and that still run: those in the session of a recorded process, and
 * those with the mark of a turn. Excludes the searching process and its ancestors, because an agent may have started
 * this gateway.
 */
export function findOrphans(search: OrphanSearch): number[] {
  const { turns, processes, epoch, self } = search;
  const sessions = new Map<number, bigint>();
  for (const { process } of turns) {
    if (process?.epoch !== epoch || process.startTime === '') continue;
    const startTime = BigInt(process.startTime);
    const leader = processes.get(process.group);
    // The number stays in use while the session has a process. If its leader is another process, all of ours have
    // ended.
    if (leader === undefined || leader.startTime === startTime) sessions.set(process.group, startTime);
  }
  const marks = new Set(turns.map(({ turn }) => `${TURN_MARK}=${turn}`));
  const spared = withParents(self, processes);
  const isOrphan = ([pid, { session, startTime, isZombie }]: [number, ProcessStat]): boolean => {
    if (isZombie || spared.has(pid)) return false;
    const since = sessions.get(session);
    if (since !== undefined && startTime >= since) return true;
    return search.environmentOf(pid).some((variable) => marks.has(variable));
  };
  return [...processes].filter(isOrphan).map(([pid]) => pid);
}

function withParents(self: number, processes: ReadonlyMap<number, ProcessStat>): Set<number> {
  const found = new Set<number>();
  for (let pid = self; pid > 0 && !found.has(pid); pid = processes.get(pid)?.parent ?? 0) found.add(pid);
  return found;
}
