import pg from 'pg';
import type { Connections } from './connection.ts';

/** Connections for reads and for rare statements of the fleet. */
const MAX_READERS = 4;

export type Row = Record<string, unknown>;

/** Reads of the journal, on connections of their own. */
export class Reads {
  readonly #pool: pg.Pool;
  readonly #active = new Set<Promise<unknown>>();

  constructor(connections: Connections) {
    this.#pool = new pg.Pool({
      ...connections.config(),
      max: MAX_READERS,
      onConnect: (client) => connections.prepare(client),
    } as pg.PoolConfig);
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Runs one statement. */
  query(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const work = this.#pool.query(text, [...values]).then(({ rows }) => rows as Row[]);
    this.#active.add(work);
    const remove = (): void => void this.#active.delete(work);
    work.then(remove, remove);
    return work;
  }

  /**
   * Resolves when the reads that are in progress have been answered: they may not show a commit, so that commit must be
   * answered after them.
   */
  async settled(): Promise<void> {
    if (this.#active.size > 0) await Promise.allSettled(this.#active);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
