import { openDatabase } from '@hermes/gateway/build/journal/sqlite/open-database.js';

/** How long ago the last turn ended, and how long before it the one before, in ms. */
const INTERVAL_MS = 100;

const SESSIONS = 1_000;

const TURNS = `
  INSERT INTO turns (id, session, message_id, kind, text, status, attempts, reply, accepted_at, started_at, ended_at)
  SELECT id, session, 'message-' || n, 'external', text, 'done', 1, text, at - 10, at - 10, at FROM filling`;

const EVENTS = `
  INSERT INTO events (session, type, data, at)
  SELECT session, 'turn', json_object('turn_id', id, 'session', session, 'status', 'done', 'reply', text), at FROM filling`;

/** Puts turns that have ended into the journal at `path`, as if a gateway had run them one after the other. */
export function fillJournal(path: string, turns: number): void {
  const database = openDatabase(path);
  try {
    database.exec(`
      CREATE TEMP VIEW filling AS
      WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${turns})
      SELECT n, printf('01890000-%04x-7000-8000-%012x', n >> 16, n) AS id, 'session-' || (n % ${SESSIONS}) AS session,
        'How is the weather over there?' AS text, ${Date.now()} - (${turns} - n) * ${INTERVAL_MS} AS at
      FROM counted`);
    database.exec(`BEGIN; ${TURNS}; ${EVENTS}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE);`);
  } finally {
    database.close();
  }
}
