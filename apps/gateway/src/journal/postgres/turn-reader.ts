import type pg from 'pg';
import { NoTurnsError, type TurnReader } from '../turn-reader.ts';
import type { ListedTurn, TurnQuery } from '../turn-store.ts';
import { type DatabaseOptions, readers } from './connections.ts';
import { startupError } from './failure.ts';
import { pageOfTurns, type Query } from './turn-history.ts';

/** Reads the turns of all gateways of a schema; none of them need run. */
export class PostgresTurnReader implements TurnReader {
  readonly #pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    this.#pool = readers(options);
  }

  turns(query: TurnQuery): Promise<ListedTurn[]> {
    return pageOfTurns(this.#query, query);
  }

  async countUnfinished(): Promise<number> {
    const [row] = await this.#query<{ count: number }>(
      'SELECT count(*) AS count FROM turns WHERE ended_at IS NULL',
      [],
    );
    return row?.count ?? 0;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** @throws NoTurnsError if no gateway has run there yet, StartupError when they cannot be read. */
  readonly #query: Query = async <Row extends object>(text: string, values: readonly unknown[]) => {
    try {
      return (await this.#pool.query(text, [...values])).rows as Row[];
    } catch (error) {
      if ((error as { code?: string }).code === '42P01')
        throw new NoTurnsError('no turns in the schema: no gateway has run there yet', { cause: error });
      throw startupError(error);
    }
  };
}
