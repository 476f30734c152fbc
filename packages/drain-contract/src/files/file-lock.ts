import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ContractError, type ContractErrorCode, fileError } from '../errors.ts';
import { type OpenLock, openLock } from './hold-lock.ts';
import { enterQueue, QueueTimeoutError } from './in-order.ts';
import { ensureLockFile, isSameFile } from './lock-file.ts';

/** The pauses between two attempts to take a lock that another process holds: the first and the longest, in ms. */
const PAUSE_MS = [1, 16] as const;

/** How many times the lock file may be replaced by others while we take the lock. */
const MAX_REPLACED = 10;

/** The lock was not taken: `code` is `locked`, or names the fault of its file. */
export class FileLockError extends ContractError {}

/** A lock that is held. */
export interface FileLock {
  /** Whether the file that is locked is still there. If others have removed it, another process may hold a new one. */
  isCurrent(): boolean;
}

/** A lock that is held until it is disposed or its process ends. */
export interface HeldFileLock extends FileLock, Disposable {}

/**
 * Runs `task` while no other process, and nothing else in this one, runs a task with the lock file `path`. The file is
 * made if need be and stays there, empty. The kernel holds the lock: it ends with the process, however that ends, and is
 * never taken from a process that is merely stopped or slow.
 * @param waitMs - how long to wait for the lock, in ms.
 * @throws FileLockError without having run `task`; what `task` throws.
 */
export async function withFileLock<T>(path: string, waitMs: number, task: (lock: FileLock) => Promise<T>): Promise<T> {
  using lock = await takeFileLock(path, waitMs);
  return await task(lock);
}

/** Takes the lock of {@link withFileLock} for longer than one task. @throws FileLockError. */
export async function takeFileLock(path: string, waitMs: number): Promise<HeldFileLock> {
  const end = performance.now() + waitMs;
  try {
    const leave = await enterQueue(path, waitMs);
    try {
      const held = await takeFromOthers(path, end);
      return {
        isCurrent: held.isCurrent,
        [Symbol.dispose]() {
          held[Symbol.dispose]();
          leave();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  } catch (error) {
    throw lockError(path, waitMs, error);
  }
}

async function takeFromOthers(path: string, end: number): Promise<HeldFileLock> {
  for (let replaced = 0; replaced < MAX_REPLACED; replaced += 1) {
    const identity = ensureLockFile(path);
    const lock = openLock(path, 0);
    let isHeld = false;
    try {
      await tryUntil(end, lock);
      const isCurrent = () => isSameFile(path, identity);
      isHeld = isCurrent();
      if (isHeld) return { isCurrent, [Symbol.dispose]: () => lock[Symbol.dispose]() };
    } finally {
      if (!isHeld) lock[Symbol.dispose]();
    }
  }
  throw new BusyError();
}

/** Another process holds the lock. */
class BusyError extends Error {}

async function tryUntil(end: number, lock: OpenLock): Promise<void> {
  for (let pause: number = PAUSE_MS[0]; !lock.tryLock(); pause = Math.min(2 * pause, PAUSE_MS[1])) {
    if (performance.now() >= end) throw new BusyError();
    // Random, so that two processes that retry do not stay in step.
    await delay(pause * (0.5 + Math.random()));
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

/** SQLite does not report why it cannot open a file, so ask the system again. */
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
