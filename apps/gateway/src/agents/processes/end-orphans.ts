import { setTimeout as delay } from 'node:timers/promises';
import { currentInstantiationEpoch } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import type { CutOffTurn } from '../../journal/turn-store.ts';
import { findOrphans } from './orphans.ts';
import { hasProcessFiles, readEnvironment, readProcesses, sendSignal } from './processes.ts';

/** Poll intervals in ms, initial and later. */
const POLL_MS = { quick: 10, slow: 1_000 } as const;

/** Time for killed processes to end before an error is logged, in ms. */
const KILL_SETTLE_MS = 5_000;

/** During an exec, a process has no environment for a moment, so one empty result is not reliable. */
const EMPTY_LOOKS = 2;

/**
 * Kills the processes that the agents of a killed gateway left behind, and waits until none is left. Their replies have
 * no receiver, so they get no SIGTERM first. Processes that cannot be killed are logged and waited for: until they end,
 * their turns must neither run again nor count as ended.
 * @returns whether none is left; false only after `signal` aborts.
 */
export async function endOrphans(turns: readonly CutOffTurn[], log: Logger, signal: AbortSignal): Promise<boolean> {
  const slowFrom = Date.now() + KILL_SETTLE_MS;
  const killed = new Set<number>();
  let isTold = false;
  for (let empty = turns.length === 0 ? EMPTY_LOOKS : 0; empty < EMPTY_LOOKS; ) {
    if (signal.aborted) return false;
    const { orphans, problem } = killOrphans(turns);
    for (const orphan of orphans) killed.add(orphan);
    empty = orphans.length === 0 && problem === undefined ? empty + 1 : 0;
    const isSlow = Date.now() > slowFrom;
    if (isSlow && !isTold && empty === 0) {
      log.error({ orphans, err: problem }, CANNOT_END);
      isTold = true;
    }
    await delay(isSlow ? POLL_MS.slow : POLL_MS.quick, undefined, { signal }).catch(() => undefined);
  }
  if (killed.size > 0)
    log.warn({ orphans: [...killed] }, 'killed processes that an agent of the previous gateway process left behind');
  return true;
}

const CANNOT_END =
  'processes of an agent of the previous gateway process still run and cannot be killed: the gateway stays in ' +
  'the state starting until they end: end them by hand';

interface Look {
  /** Process ids; those of groups are negative. */
  readonly orphans: readonly number[];
  /** Why the search failed. */
  readonly problem?: unknown;
}

function killOrphans(turns: readonly CutOffTurn[]): Look {
  try {
    const orphans = hasProcessFiles() ? searchOrphans(turns) : orphanedGroups(turns);
    for (const orphan of orphans) sendSignal(orphan, 'SIGKILL');
    return { orphans };
  } catch (problem) {
    return { orphans: [], problem };
  }
}

function searchOrphans(turns: readonly CutOffTurn[]): number[] {
  const epoch = currentInstantiationEpoch();
  const processes = readProcesses();
  return findOrphans({ turns, processes, epoch, self: process.pid, environmentOf: readEnvironment });
}

/** If the system does not report start times, the group number and the boot identify a process. */
function orphanedGroups(turns: readonly CutOffTurn[]): number[] {
  const epoch = currentInstantiationEpoch();
  const ours = turns.flatMap(({ process }) => (process?.epoch === epoch ? [-process.group] : []));
  return ours.filter((group) => sendSignal(group, 0));
}
