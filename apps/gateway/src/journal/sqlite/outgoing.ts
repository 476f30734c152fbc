import type { DatabaseSync } from 'node:sqlite';
import type { Announcement } from '../event-store.ts';
import { prepareStatements, type Statements } from './statements.ts';

const SQL = {
  event: 'INSERT INTO events (session, type, data, at) VALUES (?, ?, ?, ?)',
  delivery: 'INSERT INTO deliveries (channel, session, event, at, next_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
} as const;

/** Stores events and their deliveries together. */
export class Outgoing {
  readonly #sql: Statements<keyof typeof SQL>;

  constructor(database: DatabaseSync) {
    this.#sql = prepareStatements(database, SQL);
  }

  /** Adds an event and its deliveries, inside a transaction. @returns the number of the event. */
  add({ event, deliveries }: Announcement): number {
    const { session, type, data, at } = event;
    const { lastInsertRowid } = this.#sql.event.run(session, type, JSON.stringify(data), at);
    const seq = Number(lastInsertRowid);
    for (const { channel, session: to, event: body, expiresAt } of deliveries) {
      this.#sql.delivery.run(channel, to, JSON.stringify({ ...body, event_id: String(seq) }), at, at, expiresAt);
    }
    return seq;
  }
}
