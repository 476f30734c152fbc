import type { DatabaseSync } from 'node:sqlite';
import type { Announcement } from '../event-store.ts';
import type { NoticeStore } from '../notice-store.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Outgoing } from './outgoing.ts';
import { prepareStatements, type Statements, textOf, wholeText } from './statements.ts';

const SQL = {
  once: 'INSERT INTO drain_notices (session, drain, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  drain: 'SELECT drain FROM drain_notices WHERE back_at IS NULL ORDER BY told_at DESC LIMIT 1',
  sessions: `SELECT ${wholeText('session')} FROM drain_notices
    WHERE back_at IS NULL AND session > ? GROUP BY drain_notices.session ORDER BY drain_notices.session LIMIT ?`,
  end: 'UPDATE drain_notices SET back_at = ? WHERE session = ? AND back_at IS NULL',
} as const;

/** The SQLite implementation of the notices. */
export class SqliteNoticeStore implements NoticeStore {
  readonly #group: GroupCommit;
  readonly #outgoing: Outgoing;
  readonly #sql: Statements<keyof typeof SQL>;

  constructor(database: DatabaseSync, group: GroupCommit, outgoing: Outgoing) {
    this.#group = group;
    this.#outgoing = outgoing;
    this.#sql = prepareStatements(database, SQL);
  }

  recordNoticeOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined> {
    return this.#group.write(() => {
      const { changes } = this.#sql.once.run(session, drain, announcement.event.at);
      return changes === 0 ? undefined : this.#outgoing.add(announcement);
    });
  }

  async notifiedDrain(): Promise<string | null> {
    return (this.#sql.drain.get()?.drain as string | undefined) ?? null;
  }

  async notifiedSessions(after: string, limit: number): Promise<string[]> {
    return this.#sql.sessions.all(after, limit).map((row) => textOf(row.session));
  }

  recordDrainEnd(session: string, announcement: Announcement): Promise<number> {
    return this.#group.write(() => {
      this.#sql.end.run(announcement.event.at, session);
      return this.#outgoing.add(announcement);
    });
  }
}
