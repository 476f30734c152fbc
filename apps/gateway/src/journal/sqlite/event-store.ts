import type { DatabaseSync } from 'node:sqlite';
import type { Announcement, EventStore, SessionEvent } from '../event-store.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Outgoing } from './outgoing.ts';
import { prepareStatements, type Row, type Statements, textOf, wholeText } from './statements.ts';

const SQL = {
  // All sessions share one sequence: if no event of a session is stored, the last number of all sessions is correct.
  last: `SELECT coalesce((SELECT max(seq) FROM events WHERE session = ?), (SELECT max(seq) FROM events), 0) AS seq`,
  after: `SELECT seq, ${wholeText('session')}, type, data, at FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?`,
} as const;

/** The SQLite implementation of the events. All sessions share one sequence of numbers. */
export class SqliteEventStore implements EventStore {
  readonly #group: GroupCommit;
  readonly #outgoing: Outgoing;
  readonly #sql: Statements<keyof typeof SQL>;

  constructor(database: DatabaseSync, group: GroupCommit, outgoing: Outgoing) {
    this.#group = group;
    this.#outgoing = outgoing;
    this.#sql = prepareStatements(database, SQL);
  }

  announce(announcement: Announcement): Promise<number> {
    return this.#group.write(() => this.#outgoing.add(announcement));
  }

  async lastEventSeq(session: string): Promise<number> {
    return Number(this.#sql.last.get(session)?.seq);
  }

  async eventsAfter(session: string, seq: number, limit: number, maxBytes = Infinity): Promise<SessionEvent[]> {
    const events: SessionEvent[] = [];
    let bytes = 0;
    // Row by row, so that rows behind the page are not read.
    for (const row of this.#sql.after.iterate(session, seq, limit)) {
      events.push(eventFromRow(row));
      bytes += Buffer.byteLength(row.data as string);
      if (bytes >= maxBytes) break;
    }
    return events;
  }
}

function eventFromRow(row: Row): SessionEvent {
  return {
    seq: row.seq as number,
    session: textOf(row.session),
    type: row.type as SessionEvent['type'],
    data: JSON.parse(row.data as string),
    at: row.at as number,
  };
}
