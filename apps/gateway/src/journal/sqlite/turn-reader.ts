import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { NoTurnsError, type TurnReader } from '../turn-reader.ts';
import type { ListedTurn, TurnQuery } from '../turn-store.ts';
import { databaseError, openForReading } from './open-database.ts';
import { SqliteTurnHistory } from './turn-history.ts';

/** Reads the turns in the file; the gateway need not run. */
export class SqliteTurnReader implements TurnReader {
  readonly #path: string;
  readonly #database: DatabaseSync;

  /** @throws NoTurnsError if no gateway has used the file yet, StartupError when it cannot be read. */
  constructor(path: string) {
    if (!existsSync(path)) throw new NoTurnsError(`no journal ${path}: no gateway has run there yet`);
    this.#path = path;
    this.#database = openForReading(path);
    if (this.#hasTurns()) return;
    this.#database.close();
    throw new NoTurnsError(`no turns in the journal ${path}: it is empty`);
  }

  async turns(query: TurnQuery): Promise<ListedTurn[]> {
    return this.#explained(() => new SqliteTurnHistory(this.#database).page(query));
  }

  async countUnfinished(): Promise<number> {
    const sql = 'SELECT count(*) AS count FROM turns WHERE ended_at IS NULL';
    return this.#explained(() => Number(this.#database.prepare(sql).get()?.count));
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  /** A gateway that was killed while it created the file leaves it empty. */
  #hasTurns(): boolean {
    const sql = "SELECT 1 FROM sqlite_schema WHERE name = 'turns'";
    return this.#explained(() => this.#database.prepare(sql).get() !== undefined);
  }

  #explained<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw databaseError(this.#path, error);
    }
  }
}
