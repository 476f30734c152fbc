import { constants } from 'node:fs';
import { lstat, open, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A holder is done within milliseconds; one this old has died, in ms. */
const STALE_MS = 5_000;

/** Whoever waits for longer goes on without: an entry in the wrong place is better than none. In ms. */
const PATIENCE_MS = 1_000;
const PAUSE_MS = 5;

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Runs `task` while no other process that asks the same way runs its own: several dashboards may serve one home. The file
 * at `path` is there as long as it runs.
 */
export async function inTurn<T>(path: string, task: () => Promise<T>): Promise<T> {
  const isHeld = await take(path);
  try {
    return await task();
  } finally {
    if (isHeld) await unlink(path).catch(() => undefined);
  }
}

async function take(path: string): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  do {
    try {
      await (await open(path, CREATE, 0o600)).close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
    if (await isStale(path)) await unlink(path).catch(() => undefined);
    await delay(PAUSE_MS);
  } while (performance.now() < end);
  return false;
}

async function isStale(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) > STALE_MS;
}
