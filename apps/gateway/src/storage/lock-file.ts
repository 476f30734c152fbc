import { lstatSync } from 'node:fs';
import { holdFileLock } from '@hermes/drain-contract';
import { type FileChange, FileIdentity } from './file-identity.ts';

/** Another process has the lock. */
export class LockHeldError extends Error {}

/**
 * A file that this process locks until disposal or its own end, and checks meanwhile: deleting the file deletes the
 * lock.
 */
export class LockFile implements Disposable {
  readonly #lock: Disposable;
  readonly #identity: FileIdentity;

  /**
   * Locks the file at `path`, and creates it if it is missing. @param timeout ms to wait for another process.
   * @throws LockHeldError, the error of SQLite, or why the file cannot be used.
   */
  constructor(path: string, timeout: number) {
    const before = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (before && !before.isFile()) throw new Error(`${path} is not a regular file; remove it`);
    const lock = holdFileLock(path, timeout);
    if (lock === undefined) throw new LockHeldError(`another process has locked ${path}`);
    try {
      this.#identity = new FileIdentity(path);
      if (before && !this.#identity.isOf(before)) throw new Error(`${path} was replaced while it was locked; retry`);
      this.#lock = lock;
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** The change of the file; `undefined` while it exists and excludes other processes. */
  change(): FileChange | undefined {
    return this.#identity.change();
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }
}
