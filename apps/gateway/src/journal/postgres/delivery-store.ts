import type { Delivery, DeliveryCounts, DeliveryStore, PendingDelivery } from '../delivery-store.ts';
import type { Operations } from './operations.ts';
import type { Reads, Row } from './reads.ts';
import { fromStored, toStored } from './stored-text.ts';

const FIELDS = 'seq, channel, session, at, attempts, next_at, expires_at';

/** Bytes of `,"event_id":""`, which {@link eventOf} adds. */
const EVENT_ID_BYTES = 14;

const SQL = {
  all: `select ${FIELDS}, event, event_seq from deliveries where channel = $1 and dead_at is null order by seq`,
  count: `select (select count(*) from deliveries where channel = $1 and dead_at is null)::integer as waiting,
    (select count(*) from deliveries where channel = $1 and dead_at is not null)::integer as given_up`,
  next: `select ${FIELDS}, octet_length(event) + coalesce(${EVENT_ID_BYTES} + length(event_seq::text), 0) as bytes
    from deliveries where seq in (
      select min(seq) from deliveries where channel = $1 and dead_at is null group by session)
    order by next_at, seq limit $2`,
  find: `select ${FIELDS}, event, event_seq from deliveries where seq = $1`,
} as const;

/** The PostgreSQL implementation of the outbox. */
export class PostgresDeliveryStore implements DeliveryStore {
  readonly #operations: Operations;
  readonly #reads: Reads;

  constructor(operations: Operations, reads: Reads) {
    this.#operations = operations;
    this.#reads = reads;
  }

  async deliveries(channel: string): Promise<Delivery[]> {
    return (await this.#reads.query(SQL.all, [toStored(channel)])).map(deliveryFromRow);
  }

  async countDeliveries(channel: string): Promise<DeliveryCounts> {
    const [row] = await this.#reads.query(SQL.count, [toStored(channel)]);
    return { waiting: row?.waiting as number, givenUp: row?.given_up as number };
  }

  async nextDeliveries(channel: string, limit: number): Promise<PendingDelivery[]> {
    const rows = await this.#reads.query(SQL.next, [toStored(channel), limit]);
    return rows.map((row) => ({ ...fieldsOf(row), bytes: row.bytes as number }));
  }

  async findDelivery(seq: number): Promise<Delivery | undefined> {
    const [row] = await this.#reads.query(SQL.find, [seq]);
    return row && deliveryFromRow(row);
  }

  async delivered(seq: number): Promise<void> {
    await this.#operations.run({ op: 'delivered', seq });
  }

  async deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void> {
    const at = Date.now();
    await this.#operations.run({ op: 'delivery failed', seq, next_at: nextAt, error: toStored(error), at });
  }
}

function deliveryFromRow(row: Row): Delivery {
  return { ...fieldsOf(row), event: eventOf(row) };
}

function eventOf({ event, event_seq: number }: Row): Delivery['event'] {
  const body = JSON.parse(event as string);
  return number === null ? body : { ...body, event_id: String(number) };
}

function fieldsOf(row: Row): Omit<Delivery, 'event'> {
  return {
    seq: row.seq as number,
    channel: fromStored(row.channel as string),
    session: fromStored(row.session as string),
    at: row.at as number,
    attempts: row.attempts as number,
    nextAt: row.next_at as number,
    expiresAt: row.expires_at as number | null,
  };
}
