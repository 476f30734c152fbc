import type { DatabaseSync } from 'node:sqlite';
import type { Delivery, DeliveryCounts, DeliveryStore, PendingDelivery } from '../delivery-store.ts';
import type { GroupCommit } from './group-commit.ts';
import { prepareStatements, type Row, type Statements, textOf, wholeText } from './statements.ts';

const COLUMNS = `seq, channel, ${wholeText('session')}, event, at, attempts, next_at, expires_at`;

/** The same without the event, which may be long. */
const PENDING_COLUMNS = `seq, channel, ${wholeText('session')}, octet_length(event) AS bytes, at, attempts, next_at, expires_at`;

const SQL = {
  all: `SELECT ${COLUMNS} FROM deliveries WHERE channel = ? AND dead_at IS NULL ORDER BY seq`,
  waiting: 'SELECT count(*) AS count FROM deliveries WHERE channel = ? AND dead_at IS NULL',
  givenUp: 'SELECT count(*) AS count FROM deliveries WHERE channel = ? AND dead_at IS NOT NULL',
  next: `SELECT ${PENDING_COLUMNS} FROM deliveries
    WHERE seq IN (SELECT min(seq) FROM deliveries WHERE channel = ? AND dead_at IS NULL GROUP BY session)
    ORDER BY next_at, seq LIMIT ?`,
  find: `SELECT ${COLUMNS} FROM deliveries WHERE seq = ?`,
  delivered: 'DELETE FROM deliveries WHERE seq = ?',
  retry: 'UPDATE deliveries SET attempts = attempts + 1, next_at = ?, error = ? WHERE seq = ?',
  giveUp: 'UPDATE deliveries SET attempts = attempts + 1, dead_at = ?, error = ? WHERE seq = ?',
} as const;

/** The SQLite implementation of the outbox. */
export class SqliteDeliveryStore implements DeliveryStore {
  readonly #group: GroupCommit;
  readonly #sql: Statements<keyof typeof SQL>;

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#sql = prepareStatements(database, SQL);
  }

  async deliveries(channel: string): Promise<Delivery[]> {
    return this.#sql.all.all(channel).map(deliveryFromRow);
  }

  async countDeliveries(channel: string): Promise<DeliveryCounts> {
    const count = (of: 'waiting' | 'givenUp') => this.#sql[of].get(channel)?.count as number;
    return { waiting: count('waiting'), givenUp: count('givenUp') };
  }

  async nextDeliveries(channel: string, limit: number): Promise<PendingDelivery[]> {
    return this.#sql.next.all(channel, limit).map((row) => ({ ...fieldsOf(row), bytes: row.bytes as number }));
  }

  async findDelivery(seq: number): Promise<Delivery | undefined> {
    const row = this.#sql.find.get(seq);
    return row === undefined ? undefined : deliveryFromRow(row);
  }

  delivered(seq: number): Promise<void> {
    return this.#group.write(() => {
      this.#sql.delivered.run(seq);
    });
  }

  deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void> {
    return this.#group.write(() => {
      if (nextAt === null) this.#sql.giveUp.run(Date.now(), error, seq);
      else this.#sql.retry.run(nextAt, error, seq);
    });
  }
}

function deliveryFromRow(row: Row): Delivery {
  return { ...fieldsOf(row), event: JSON.parse(row.event as string) };
}

function fieldsOf(row: Row): Omit<Delivery, 'event'> {
  return {
    seq: row.seq as number,
    channel: row.channel as string,
    session: textOf(row.session),
    at: row.at as number,
    attempts: row.attempts as number,
    nextAt: row.next_at as number,
    expiresAt: row.expires_at as number | null,
  };
}
