import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const KILL_TIMEOUT_MS = 10_000;

/** Ids of the processes whose working directory, or a word of whose command line, is below one of the directories. */
export function processesIn(directories: readonly string[]): number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== process.pid && belongsTo(pid, directories));
}

function belongsTo(pid: number, directories: readonly string[]): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const paths = [readlinkSync(`/proc/${pid}/cwd`), ...words];
    return directories.some((directory) => paths.some((path) => `${path}/`.startsWith(`${directory}/`)));
  } catch {
    return false;
  }
}

/** Kills what is left in the directories, until nothing is. */
export async function killAllIn(directories: readonly string[]): Promise<void> {
  const deadline = performance.now() + KILL_TIMEOUT_MS;
  for (let left = processesIn(directories); left.length > 0; left = processesIn(directories)) {
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
