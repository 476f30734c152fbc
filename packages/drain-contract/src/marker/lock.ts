import { dirname, join } from 'node:path';
import { type FileLock, withFileLock } from '../files/file-lock.ts';
import { DRAIN_LOCK_FILENAME } from './schema.ts';

/** How long a writer of the marker waits for the others, in ms. */
const WAIT_MS = 2_000;

/**
 * Runs `task` while no other writer of the marker at `path` looks at it or changes it. Readers need no lock. Programs
 * of the reference system take none.
 */
export function withMarkerLock<T>(path: string, task: (lock: FileLock) => Promise<T>): Promise<T> {
  return withFileLock(join(dirname(path), DRAIN_LOCK_FILENAME), WAIT_MS, task);
}
