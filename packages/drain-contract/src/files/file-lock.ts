import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { ContractError, type ContractErrorCode, fileError } from '../errors.ts';
import { inOrder, QueueTimeoutError } from './in-order.ts';
import { ensureLockFile, isSameFile } from './lock-file.ts';
import { openWithSpares, replenish } from './spare-descriptors.ts';

/** Between two attempts to take a lock that another process holds: from the first to the second, in ms. */
const PAUSE_MS = [1, 16] as const;

/** How many times the lock file may be replaced by others while we take the lock. */
const MAX_REPLACED = 10;

/** The lock was not taken: `code` is `locked`, or tells what is wrong with its file. */
export class FileLockError extends ContractError {}

/** A lock that is held. */
export interface FileLock {
  /** Whether the file that is locked is still there. If others have removed it, another process may hold a new one. */
  isCurrent(): boolean;
}

/**
 * Runs `task` while no other process, and nothing else in this one, runs a task with the lock file `path`. The file is
 * made if need be and stays there, empty. The kernel holds the lock: it ends with the process, however that ends, and is
 * never taken from a process that is merely stopped or slow.
 * @param waitMs - how long to wait for the lock, in ms.
 * @throws FileLockError without having run `task`; what `task` throws.
 */
export async function withFileLock<T>(path: string, waitMs: number, task: (lock: FileLock) => Promise<T>): Promise<T> {
  const end = performance.now() + waitMs;
  let isStarted = false;
  try {
    return await inOrder(path, waitMs, async () => {
      const { database, ...lock } = await takeLock(path, end);
      try {
        isStarted = true;
        return await task(lock);
      } finally {
        database.close();
        replenish();
      }
    });
  } catch (error) {
    throw isStarted ? error : lockError(path, waitMs, error);
  }
}

interface HeldLock extends FileLock {
  /** Holds the lock until it is closed. */
  readonly database: DatabaseSync;
}

async function takeLock(path: string, end: number): Promise<HeldLock> {
  for (let replaced = 0; replaced < MAX_REPLACED; replaced += 1) {
    const identity = ensureLockFile(path);
    const database = openDatabase(path);
    try {
      await beginExclusive(database, end);
      const isCurrent = () => isSameFile(path, identity);
      if (isCurrent()) return { database, isCurrent };
    } catch (error) {
      database.close();
      throw error;
    }
    database.close();
  }
  throw new BusyError();
}

/** The lock is another process's. */
class BusyError extends Error {}

// SQLite, because Node has no file locks of its own. It is not loaded before somebody writes: readers need no lock.
function openDatabase(path: string): DatabaseSync {
  const sqlite = process.getBuiltinModule('node:sqlite');
  if (!sqlite) throw new Error(`this Node (${process.version}) has no node:sqlite; use 22.13 or newer`);
  return openWithSpares(() => new sqlite.DatabaseSync(path, { timeout: 0 }));
}

async function beginExclusive(database: DatabaseSync, end: number): Promise<void> {
  for (let pause: number = PAUSE_MS[0]; !tryBegin(database); pause = Math.min(2 * pause, PAUSE_MS[1])) {
    if (performance.now() >= end) throw new BusyError();
    // Not in step with another process that tries, too.
    await delay(pause * (0.5 + Math.random()));
  }
}

const SQLITE_BUSY = 5;

/** A journal in a file would stay there when we are killed. */
const BEGIN = 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE';

function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec(BEGIN);
    return true;
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) return false;
    throw error;
  }
}

function lockError(path: string, waitMs: number, error: unknown): FileLockError {
  if (error instanceof BusyError || error instanceof QueueTimeoutError) {
    const found = `expected to get it within ${waitMs / 1000} s, but another request or process holds it`;
    return new FileLockError(
      'locked',
      `cannot lock ${path}: ${found}; try again, or see with lslocks which one it is`,
      {
        cause: error,
      },
    );
  }
  const { code, message } = error instanceof ContractError ? error : reasonOf(path, error);
  return new FileLockError(code, message, { cause: error });
}

/** SQLite does not say for which reason it cannot open a file, so ask the system again. */
function reasonOf(path: string, error: unknown): { readonly code: ContractErrorCode; readonly message: string } {
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return fileError('lock', path, error);
  try {
    accessSync(dirname(path), constants.R_OK | constants.X_OK);
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (refusal) {
    return fileError('lock', path, refusal);
  }
  return { code: 'io', message: `cannot lock ${path}: ${(error as Error).message}` };
}
