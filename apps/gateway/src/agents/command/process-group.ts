import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Nobody is told when a grandchild ends, so we look, this often in ms. */
const POLL_MS = 10;

/** Ms that the kernel gets to end killed processes; one in an uninterruptible wait takes as long as its disk does. */
const KILL_SETTLE_MS = 1_000;

/** The processes of a command: its child, and those descendants that stayed in the process group that it leads. */
export class ProcessGroup {
  readonly #id: number;
  readonly #killAfterMs: number;
  #killer: NodeJS.Timeout | undefined;
  /** Once the group is gone its number may become somebody else's. */
  #gone = false;

  constructor(id: number, killAfterMs: number) {
    this.#id = id;
    this.#killAfterMs = killAfterMs;
  }

  /** Asks all of them to end, and kills those that have not after the grace. Calling it again changes nothing. */
  stop(): void {
    if (this.#gone || this.#killer) return;
    signalGroup(this.#id, 'SIGTERM');
    this.#killer = setTimeout(() => signalGroup(this.#id, 'SIGKILL'), this.#killAfterMs);
  }

  /** Call it when the child has been reaped: stops what it left behind. @returns how that ended. */
  async sweep(): Promise<'clean' | 'swept' | 'stuck'> {
    if (!isAlive(this.#id)) return this.#end('clean');
    this.stop();
    const deadline = Date.now() + this.#killAfterMs + KILL_SETTLE_MS;
    while (isAlive(this.#id)) {
      if (Date.now() > deadline) return this.#end('stuck');
      await delay(POLL_MS);
    }
    return this.#end('swept');
  }

  #end<T>(outcome: T): T {
    this.#gone = true;
    clearTimeout(this.#killer);
    return outcome;
  }
}

/** @returns whether there was a process to get it. */
function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-id, signal);
  } catch (error) {
    // A process that became another user's is there, though not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether the group has a process that runs. A signal finds zombies, too, and in a container whose first process reaps
 * no orphans they stay for good.
 */
function isAlive(id: number): boolean {
  if (!signalGroup(id, 0)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return readdirSync('/proc').some((name) => /^\d+$/.test(name) && runsInGroup(name, id));
  } catch {
    return true;
  }
}

/** Reads `pid (name) state ppid pgrp …`, where the name may hold anything. @see man 5 proc_pid_stat */
function runsInGroup(pid: string, id: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(group) === id && !'ZX'.includes(state);
  } catch {
    return false;
  }
}
