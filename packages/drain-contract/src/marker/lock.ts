import { dirname, join } from 'node:path';
import { type FileLock, withFileLock } from '../files/file-lock.ts';
import { ensureLockFile } from '../files/lock-file.ts';
import { DRAIN_LOCK_FILENAME } from './schema.pure.ts';

/** How long a writer of the marker waits for the lock, in ms. */
const WAIT_MS = 2_000;

/**
 * Runs `task` while no other writer of the marker at `path` looks at it or changes it. Readers need no lock. Programs
 * of the reference system take none.
 */
export function withMarkerLock<T>(path: string, task: (lock: FileLock) => Promise<T>): Promise<T> {
  return withFileLock(lockPath(path), WAIT_MS, task);
}

/** Makes the file of the lock, if need be: on a full volume there is no room for it. @returns whether it is there. */
export function keepMarkerLock(path: string): boolean {
  try {
    ensureLockFile(lockPath(path));
    return true;
  } catch {
    return false;
  }
}

function lockPath(path: string): string {
  return join(dirname(path), DRAIN_LOCK_FILENAME);
}
