import type { DatabaseSync } from 'node:sqlite';

interface Write {
  run(): unknown;
  readonly undo?: (() => void) | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Why nothing was written, and whether there was a transaction. */
interface Failure {
  readonly error: unknown;
  readonly begun: boolean;
}

/** Returns why a commit would not last, if so. Called by {@link GroupCommit} around a commit. Never throws. */
export type FindLoss = () => Error | undefined;

/**
 * Commits all writes of one turn of the event loop together, so that they share the cost of durability. A failed write
 * does not affect the others.
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
   * Runs `run` in the next transaction. Resolves with its result after the commit. With `undo`, the write confirms
   * something to a client: it rejects if the commit would not last, and the committed write is undone.
   */
  write<T>(run: () => T, undo?: () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#writes.push({ run, undo, resolve: resolve as (value: unknown) => void, reject });
      if (this.#writes.length === 1) setImmediate(() => this.flush());
    });
  }

  /** Commits the pending writes now. */
  flush(): void {
    if (this.#writes.length === 0) return;
    const writes = this.#takeLasting();
    if (writes.length === 0) return;
    const failure = this.#commit(writes);
    if (failure === undefined) return;
    // One of the writes fails: each write gets its own transaction.
    if (failure.begun && writes.length > 1) for (const write of writes) this.#commitAlone(write);
    // A locked or closed database fails for all of them; separate transactions would only take longer.
    else for (const write of writes) write.reject(failure.error);
  }

  /** The pending writes, without those that could not be confirmed. */
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

  /** @returns why nothing was written, if so. */
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

  /** The files may come back: they must not contain a message that was refused. */
  #undo(writes: readonly Write[]): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const write of writes) write.undo?.();
      this.#database.exec('COMMIT');
    } catch {
      this.#rollBack(true);
    }
  }

  /** SQLite may have rolled back already, for example on a full disk; before 22.16, Node cannot tell. */
  #rollBack(begun: boolean): void {
    if (!begun) return;
    try {
      this.#database.exec('ROLLBACK');
    } catch (error) {
      if (!(error as Error).message.includes('no transaction is active')) throw error;
    }
  }
}
