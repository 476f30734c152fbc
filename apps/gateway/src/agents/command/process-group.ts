import { setTimeout as delay } from 'node:timers/promises';
import { hasProcessFiles, readProcesses, sendSignal } from '../processes/processes.ts';

/** Poll intervals in ms, initial and later: the system reports only the end of children, so the group is polled. */
const POLL_MS = { quick: 10, slow: 1_000 } as const;

/**
 * Time for the kernel to end killed processes, in ms. A process in an uninterruptible wait takes as long as its disk.
 */
const KILL_SETTLE_MS = 1_000;

/** The processes of a command: its child, and the descendants that stay in the child's process group. */
export class ProcessGroup {
  readonly #id: number;
  readonly #killAfterMs: number;
  readonly #sparesLeader: boolean;
  #killer: NodeJS.Timeout | undefined;
  /** After the group has ended, the system may reuse its number. */
  #gone = false;

  /** @param sparesLeader whether no signal but SIGKILL is sent to the leader, because its end would kill all the others. */
  constructor(id: number, killAfterMs: number, sparesLeader = false) {
    this.#id = id;
    this.#killAfterMs = killAfterMs;
    this.#sparesLeader = sparesLeader;
  }

  /** Sends SIGTERM to all of them, and SIGKILL to the rest after the grace period. Idempotent. */
  stop(): void {
    if (this.#gone || this.#killer) return;
    this.#send('SIGTERM');
    this.#killer = setTimeout(() => sendSignal(-this.#id, 'SIGKILL'), this.#killAfterMs);
  }

  /** Sends SIGINT to all of them: they may continue. */
  interrupt(): void {
    if (!this.#gone) this.#send('SIGINT');
  }

  /**
   * Call it after the child has been reaped: stops its remaining processes, and waits until none runs.
   * @param stuck is called once if processes survive SIGKILL, for example because another user owns them.
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

  #send(signal: NodeJS.Signals): void {
    const others = this.#sparesLeader ? membersOf(this.#id).filter((pid) => pid !== this.#id) : [];
    // Only the leader is left: the sandbox is starting, or its processes are invisible to this process.
    if (others.length === 0) sendSignal(-this.#id, signal);
    else for (const pid of others) sendSignal(pid, signal);
  }

  #end<T>(outcome: T): T {
    this.#gone = true;
    clearTimeout(this.#killer);
    return outcome;
  }
}

/**
 * Whether a process of the group runs. A signal also reaches zombies, which stay for good in a container whose first
 * process does not reap orphans.
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
