import type pg from 'pg';
import { NoTurnsError, type TurnReader } from '../turn-reader.ts';
import type { ListedTurn, TurnQuery } from '../turn-store.ts';
import { Connections, hangUp } from './connection.ts';
import { DEFAULT_TIMES, type PostgresOptions } from './options.ts';
import { schemaVersion } from './schema.ts';
import { startupError } from './server-error.ts';
import { readPage } from './turn-store.ts';

/** Reads the turns of all gateways that share a journal; none needs to run. */
export class PostgresTurnReader implements TurnReader {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** @throws NoTurnsError if no gateway has used the schema yet, StartupError when it cannot be read. */
  static async open(options: Pick<PostgresOptions, 'url' | 'schema'>): Promise<PostgresTurnReader> {
    const connections = new Connections({ ...options, name: 'turns' }, DEFAULT_TIMES);
    let client: pg.Client | undefined;
    try {
      client = await connections.open();
      await client.query('set default_transaction_read_only = on');
      if ((await schemaVersion(client, options.schema)) === undefined) {
        throw new NoTurnsError(`no journal in the schema ${options.schema}: no gateway has run there yet`);
      }
      return new PostgresTurnReader(client);
    } catch (error) {
      hangUp(client);
      throw startupError(error);
    }
  }

  turns(query: TurnQuery): Promise<ListedTurn[]> {
    return this.#explained(readPage({ query: (text, values) => this.#rows(text, values) }, query));
  }

  async countUnfinished(): Promise<number> {
    const [row] = await this.#explained(this.#rows('select count(*) from turns where ended_at is null'));
    return row?.count as number;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #rows(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#client.query(text, [...values])).rows;
  }

  async #explained<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw startupError(error);
    }
  }
}
