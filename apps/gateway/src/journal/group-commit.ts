import type { DatabaseSync } from 'node:sqlite';

interface Write {
  run(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Why nothing was written, and whether there was a transaction to write in. */
interface Failure {
  readonly error: unknown;
  readonly begun: boolean;
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
    const failure = this.#commit(writes);
    if (failure === undefined) return;
    // Somebody in the crowd cannot be written: everybody gets a transaction of their own.
    if (failure.begun && writes.length > 1) for (const write of writes) this.#commitAlone(write);
    // A database that is locked or closed is so for all of them; asking for each one would only take longer.
    else for (const write of writes) write.reject(failure.error);
  }

  #commitAlone(write: Write): void {
    const failure = this.#commit([write]);
    if (failure !== undefined) write.reject(failure.error);
  }

  /** @returns why nothing was written, if nothing was. */
  #commit(writes: readonly Write[]): Failure | undefined {
    let begun = false;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      begun = true;
      const values = writes.map((write) => write.run());
      this.#database.exec('COMMIT');
      this.#commits += 1;
      writes.forEach((write, index) => {
        write.resolve(values[index]);
      });
      return undefined;
    } catch (error) {
      // SQLite may have rolled back already: a full disk is one of the reasons.
      if (begun && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return { error, begun };
    }
  }
}
