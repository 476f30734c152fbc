import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const KILL_TIMEOUT_MS = 10_000;

/** Ids of the processes whose working directory, or a word of whose command line, is below `directory`. */
export function processesIn(directory: string): number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== process.pid && belongsTo(pid, directory));
}

function belongsTo(pid: number, directory: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return [readlinkSync(`/proc/${pid}/cwd`), ...words].some(
      (path) => path === directory || path.startsWith(`${directory}/`),
    );
  } catch {
    return false;
  }
}

/** Kills what is left in `directory`, until nothing is. */
export async function killAllIn(directory: string): Promise<void> {
  const deadline = performance.now() + KILL_TIMEOUT_MS;
  for (let left = processesIn(directory); left.length > 0; left = processesIn(directory)) {
    if (performance.now() > deadline) throw new Error(`processes that cannot be killed: ${left.join(', ')}`);
    for (const pid of left) kill(pid);
    await delay(10);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
