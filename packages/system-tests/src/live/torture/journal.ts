import { DatabaseSync } from 'node:sqlite';
import type { JournalEvent, JournalRow, NoticeRow } from './history.ts';

/** What is in the file of the journal: the observer does not ask the gateway about itself. */
export interface JournalContents {
  readonly rows: readonly JournalRow[];
  readonly events: readonly JournalEvent[];
  readonly notices: readonly NoticeRow[];
}

export function readJournal(path: string): JournalContents {
  return withJournal(path, (database) => ({
    rows: database
      .prepare('SELECT id, session, message_id, status, attempts, reply, problem, ended_at FROM turns ORDER BY seq')
      .all() as unknown as JournalRow[],
    events: database
      .prepare('SELECT seq, session, type, data FROM events ORDER BY seq')
      .all()
      .map((event) => ({ ...event, data: JSON.parse(String(event.data)) }) as unknown as JournalEvent),
    notices: database.prepare('SELECT session, drain, back_at FROM drain_notices').all() as unknown as NoticeRow[],
  }));
}

/** Turns that have not ended, and sessions that were not told of the end of a drain. */
export function unfinishedIn(path: string): number {
  const sql = `SELECT (SELECT count(*) FROM turns WHERE ended_at IS NULL)
    + (SELECT count(*) FROM drain_notices WHERE back_at IS NULL) AS count`;
  return withJournal(path, (database) => Number(database.prepare(sql).get()?.count));
}

function withJournal<T>(path: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
