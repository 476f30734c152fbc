import { openWithSpares, replenish } from './spare-descriptors.ts';
import { openSqlite } from './sqlite.ts';

const SQLITE_BUSY = 5;

/** A journal in a file would remain after a SIGKILL. */
const BEGIN = 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE';

/** An open lock file; closing it releases the lock. */
export interface OpenLock extends Disposable {
  /** @returns whether this process has the lock now. @throws the error of SQLite. */
  tryLock(): boolean;
}

/** Opens the file at `path`, which is made if there is none. @param waitMs how long each try blocks this thread, in ms. @throws the error of SQLite. */
export function openLock(path: string, waitMs: number): OpenLock {
  // SQLite, because Node has no file locks of its own. It is not loaded before something is written: readers need no lock.
  const database = openWithSpares(() => openSqlite(path, waitMs));
  return {
    tryLock() {
      try {
        database.exec(BEGIN);
        return true;
      } catch (error) {
        if (((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) return false;
        throw error;
      }
    },
    [Symbol.dispose]() {
      database.close();
      replenish();
    },
  };
}

/**
 * Locks the file at `path`, which is made if there is none, until the lock is disposed. The kernel holds the lock, so it
 * ends with the process, and containers that share the volume exclude each other, too. A file that is deleted takes
 * its lock with it. Blocks this thread while it waits: where others wait for it, use {@link withFileLock}.
 * @param waitMs - how long to wait for another process, in ms.
 * @returns `undefined` when another process has the lock. @throws the error of SQLite.
 */
export function holdFileLock(path: string, waitMs = 0): Disposable | undefined {
  const lock = openLock(path, waitMs);
  let isHeld = false;
  try {
    isHeld = lock.tryLock();
    return isHeld ? lock : undefined;
  } finally {
    if (!isHeld) lock[Symbol.dispose]();
  }
}
