import { lstatSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type FileChange, FileIdentity } from './file-identity.ts';

/**
 * A file that this process has locked until it is disposed or the process ends however it ends: the kernel lets go of
 * the lock, so a crash leaves nothing to clean up, and containers that share the volume exclude each other, too.
 * SQLite holds it, because Node has no file locks of its own. A file that is deleted takes its lock with it.
 */
export class LockFile implements Disposable {
  readonly #database: DatabaseSync;
  readonly #identity: FileIdentity;

  /**
   * Locks the file at `path`, which is made if there is none. @param timeout ms to wait for another process.
   * @throws the error of SQLite, or why the file is not fit for it.
   */
  constructor(path: string, timeout: number) {
    const before = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (before && !before.isFile()) throw new Error(`${path} is not a regular file; remove it`);
    this.#database = new DatabaseSync(path, { timeout });
    try {
      this.#database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      this.#identity = new FileIdentity(path);
      if (before && !this.#identity.isOf(before)) throw new Error(`${path} was replaced in this moment; try again`);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** What has become of the file; `undefined` while it is there and excludes others. */
  change(): FileChange | undefined {
    return this.#identity.change();
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
