import type { DatabaseSync } from 'node:sqlite';

interface Write {
  run(): unknown;
  readonly undo?: (() => void) | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Why nothing was written, and whether there was a transaction to write in. */
interface Failure {
  readonly error: unknown;
  readonly begun: boolean;
}

/** What {@link GroupCommit} asks around a commit: why what is committed would not last. Never throws. */
export type FindLoss = () => Error | undefined;

/**
 * One commit for all the writes that arrive in one turn of the event loop: the price of durability is paid once for
 * the whole crowd. A write that fails takes nobody with it.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #findLoss: FindLoss;
  #writes: Write[] = [];
  #commits = 0;

  constructor(database: DatabaseSync, findLoss: FindLoss = () => undefined) {
    this.#database = database;
    this.#findLoss = findLoss;
  }

  /** Commits since the start. */
  get commits(): number {
    return this.#commits;
  }

  /**
   * Runs `run` in the next transaction. Fulfilled with what it returned once that is committed. With `undo` it is a
   * promise to others: it rejects where the commit would not last, and what was committed is undone.
   */
  write<T>(run: () => T, undo?: () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#writes.push({ run, undo, resolve: resolve as (value: unknown) => void, reject });
      if (this.#writes.length === 1) setImmediate(() => this.flush());
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    if (this.#writes.length === 0) return;
    const writes = this.#takeLasting();
    if (writes.length === 0) return;
    const failure = this.#commit(writes);
    if (failure === undefined) return;
    // Somebody in the crowd cannot be written: everybody gets a transaction of their own.
    if (failure.begun && writes.length > 1) for (const write of writes) this.#commitAlone(write);
    // A database that is locked or closed is so for all of them; asking for each one would only take longer.
    else for (const write of writes) write.reject(failure.error);
  }

  /** The writes that wait, without the promises that could not be kept. */
  #takeLasting(): readonly Write[] {
    const writes = this.#writes;
    this.#writes = [];
    const loss = this.#findLoss();
    if (loss === undefined) return writes;
    for (const write of writes) if (write.undo) write.reject(loss);
    return writes.filter(({ undo }) => undo === undefined);
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
      this.#answer(writes, values);
      return undefined;
    } catch (error) {
      this.#rollBack(begun);
      return { error, begun };
    }
  }

  #answer(writes: readonly Write[], values: readonly unknown[]): void {
    const loss = this.#findLoss();
    if (loss) this.#undo(writes);
    writes.forEach((write, index) => {
      if (loss && write.undo) write.reject(loss);
      else write.resolve(values[index]);
    });
  }

  /** The files may come back: a message that was refused must not be found in them then. */
  #undo(writes: readonly Write[]): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const write of writes) write.undo?.();
      this.#database.exec('COMMIT');
    } catch {
      this.#rollBack(true);
    }
  }

  /** SQLite may have rolled back already: a full disk is one of the reasons. */
  #rollBack(begun: boolean): void {
    if (begun && this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }
}
