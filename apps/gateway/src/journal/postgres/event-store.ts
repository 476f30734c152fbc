import type { Announcement, EventStore, SessionEvent } from '../event-store.ts';
import { announcementOf } from './announcements.ts';
import type { Operations } from './operations.ts';
import type { Reads, Row } from './reads.ts';
import { fromStored, toStored } from './stored-text.ts';

const SQL = {
  last: 'select last_event_1($1) as seq',
  after: `select seq, session, type, data, at from (
      select page.*, sum(octet_length(data)) over (order by seq) - octet_length(data) as bytes_before
      from (select * from events where session = $1 and seq > $2 order by seq limit $3) as page
    ) as sized where bytes_before < $4 order by seq`,
} as const;

/**
 * The PostgreSQL implementation of the events. All sessions share one sequence of numbers; writes of a session exclude
 * each other until they are committed, so that its numbers are in the order of the commits.
 */
export class PostgresEventStore implements EventStore {
  readonly #operations: Operations;
  readonly #reads: Reads;

  constructor(operations: Operations, reads: Reads) {
    this.#operations = operations;
    this.#reads = reads;
  }

  async announce(announcement: Announcement): Promise<number> {
    const { result } = await this.#operations.run({ op: 'tell', announcement: announcementOf(announcement) });
    return result.event as number;
  }

  async lastEventSeq(session: string): Promise<number> {
    const [row] = await this.#reads.query(SQL.last, [toStored(session)]);
    return row?.seq as number;
  }

  async eventsAfter(
    session: string,
    seq: number,
    limit: number,
    maxBytes = Number.MAX_SAFE_INTEGER,
  ): Promise<SessionEvent[]> {
    const rows = await this.#reads.query(SQL.after, [toStored(session), seq, limit, Math.max(1, maxBytes)]);
    return rows.map(eventFromRow);
  }
}

function eventFromRow(row: Row): SessionEvent {
  return {
    seq: row.seq as number,
    session: fromStored(row.session as string),
    type: row.type as SessionEvent['type'],
    data: JSON.parse(row.data as string),
    at: row.at as number,
  };
}
