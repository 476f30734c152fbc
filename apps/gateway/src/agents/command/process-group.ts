import { setTimeout as delay } from 'node:timers/promises';
import { hasProcessFiles, readProcesses, sendSignal } from '../processes/processes.ts';

/** Nobody is told when a grandchild ends, so we look, this often in ms: at first, and when it takes long. */
const POLL_MS = { quick: 10, slow: 1_000 } as const;

/** Ms that the kernel gets to end killed processes; one in an uninterruptible wait takes as long as its disk does. */
const KILL_SETTLE_MS = 1_000;

/** The processes of a command: its child, and those descendants that stayed in the process group that it leads. */
export class ProcessGroup {
  readonly #id: number;
  readonly #killAfterMs: number;
  readonly #sparesLeader: boolean;
  #killer: NodeJS.Timeout | undefined;
  /** Once the group is gone its number may become somebody else's. */
  #gone = false;

  /** @param sparesLeader whether the leader is not asked to end, because with it all the others would be killed. */
  constructor(id: number, killAfterMs: number, sparesLeader = false) {
    this.#id = id;
    this.#killAfterMs = killAfterMs;
    this.#sparesLeader = sparesLeader;
  }

  /** Asks all of them to end, and kills those that have not after the grace. Calling it again changes nothing. */
  stop(): void {
    if (this.#gone || this.#killer) return;
    this.#ask();
    this.#killer = setTimeout(() => sendSignal(-this.#id, 'SIGKILL'), this.#killAfterMs);
  }

  /**
   * Call it when the child has been reaped: stops what it left behind, and waits until nothing of it runs.
   * @param stuck is called once if even killed processes do not end, as those of another user do not.
   */
  async sweep(stuck: () => void): Promise<'clean' | 'swept'> {
    if (!isAlive(this.#id)) return this.#end('clean');
    this.stop();
    const deadline = Date.now() + this.#killAfterMs + KILL_SETTLE_MS;
    let isStuck = false;
    while (isAlive(this.#id)) {
      if (!isStuck && Date.now() > deadline) stuck();
      isStuck = Date.now() > deadline;
      await delay(isStuck ? POLL_MS.slow : POLL_MS.quick);
    }
    return this.#end('swept');
  }

  #ask(): void {
    const others = this.#sparesLeader ? membersOf(this.#id).filter((pid) => pid !== this.#id) : [];
    // None but the leader: the sandbox is being made, or the processes cannot be seen.
    if (others.length === 0) sendSignal(-this.#id, 'SIGTERM');
    else for (const pid of others) sendSignal(pid, 'SIGTERM');
  }

  #end<T>(outcome: T): T {
    this.#gone = true;
    clearTimeout(this.#killer);
    return outcome;
  }
}

/**
 * Whether the group has a process that runs. A signal finds zombies, too, and in a container whose first process reaps
 * no orphans they stay for good.
 */
function isAlive(id: number): boolean {
  if (!sendSignal(-id, 0)) return false;
  try {
    return !hasProcessFiles() || [...readProcesses().values()].some(({ group, isZombie }) => group === id && !isZombie);
  } catch {
    return true;
  }
}

function membersOf(id: number): number[] {
  try {
    return [...readProcesses()].flatMap(([pid, { group }]) => (group === id ? [pid] : []));
  } catch {
    return [];
  }
}
