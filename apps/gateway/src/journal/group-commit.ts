import type { DatabaseSync } from 'node:sqlite';

interface Write {
  run(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * One commit for all the writes that arrive in one turn of the event loop: the price of durability is paid once for
 * the whole crowd. A write that fails takes nobody with it.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  #writes: Write[] = [];
  #commits = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Commits since the start. */
  get commits(): number {
    return this.#commits;
  }

  /** Runs `run` in the next transaction. Fulfilled with what it returned once that is committed. */
  write<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#writes.push({ run, resolve: resolve as (value: unknown) => void, reject });
      if (this.#writes.length === 1) setImmediate(() => this.flush());
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    const writes = this.#writes;
    this.#writes = [];
    if (writes.length === 0) return;
    const error = this.#commit(writes);
    if (error === undefined) return;
    if (writes.length === 1) writes[0]?.reject(error);
    // Somebody in the crowd cannot be written: everybody gets a transaction of their own.
    else for (const write of writes) this.#settleAlone(write);
  }

  #settleAlone(write: Write): void {
    const error = this.#commit([write]);
    if (error !== undefined) write.reject(error);
  }

  /** @returns why nothing was written, if nothing was. */
  #commit(writes: readonly Write[]): unknown {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const values = writes.map((write) => write.run());
      this.#database.exec('COMMIT');
      this.#commits += 1;
      writes.forEach((write, index) => {
        write.resolve(values[index]);
      });
      return undefined;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return error ?? new Error('the write failed');
    }
  }
}
