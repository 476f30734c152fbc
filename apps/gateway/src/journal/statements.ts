import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DELIVERY_COLUMNS, TURN_COLUMNS } from './rows.ts';

const SQL = {
  accept: `INSERT INTO turns (${TURN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  start:
    "UPDATE turns SET status = 'running', attempts = attempts + 1, started_at = ? WHERE id = ? AND ended_at IS NULL",
  recordAgentProcess:
    'UPDATE turns SET agent_group = ?, agent_start_time = ?, agent_epoch = ? WHERE id = ? AND ended_at IS NULL',
  cutOffTurns: `SELECT id, agent_group, agent_start_time, agent_epoch FROM turns
    WHERE ended_at IS NULL AND status = 'running' ORDER BY seq`,
  end: 'UPDATE turns SET status = ?, reply = ?, problem = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL',
  find: `SELECT ${TURN_COLUMNS} FROM turns WHERE id = ?`,
  findMessage: `SELECT ${TURN_COLUMNS} FROM turns WHERE session = ? AND message_id = ?`,
  unfinished: `SELECT ${TURN_COLUMNS} FROM turns WHERE ended_at IS NULL ORDER BY seq`,

  event: 'INSERT INTO events (session, type, data, at) VALUES (?, ?, ?, ?)',
  lastEvent: 'SELECT max(seq) AS seq FROM events',
  eventsAfter: 'SELECT seq, session, type, data, at FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?',
  tellOnce: 'INSERT INTO drain_notices (session, drain, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  toldSessions: 'SELECT DISTINCT session FROM drain_notices WHERE back_at IS NULL',
  tellBack: 'UPDATE drain_notices SET back_at = ? WHERE session = ? AND back_at IS NULL',

  deliver: 'INSERT INTO deliveries (channel, session, event, at, next_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  deliveries: `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE channel = ? AND dead_at IS NULL ORDER BY seq`,
  nextDeliveries: `SELECT ${DELIVERY_COLUMNS} FROM deliveries
    WHERE seq IN (SELECT min(seq) FROM deliveries WHERE channel = ? AND dead_at IS NULL GROUP BY session)
    ORDER BY next_at, seq LIMIT ?`,
  delivered: 'DELETE FROM deliveries WHERE seq = ?',
  deliveryRetry: 'UPDATE deliveries SET attempts = attempts + 1, next_at = ?, error = ? WHERE seq = ?',
  deliveryDead: 'UPDATE deliveries SET attempts = attempts + 1, dead_at = ?, error = ? WHERE seq = ?',

  // From the oldest on, no further than what may go: an index by time would cost every turn more than this costs a minute.
  pruneTurns: `DELETE FROM turns WHERE seq IN (SELECT seq
    FROM (SELECT seq, ended_at FROM turns WHERE ended_at IS NOT NULL ORDER BY seq LIMIT ?2) WHERE ended_at < ?1)`,
  pruneEvents: `DELETE FROM events WHERE seq IN (SELECT seq
    FROM (SELECT seq, at FROM events ORDER BY seq LIMIT ?2) WHERE at < ?1)`,
  pruneNotices:
    'DELETE FROM drain_notices WHERE (session, drain) IN (SELECT session, drain FROM drain_notices WHERE back_at < ? LIMIT ?)',
  pruneDeliveries: 'DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE dead_at < ? LIMIT ?)',
} as const;

/** The journal's statements, prepared once. */
export type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

export function prepareStatements(database: DatabaseSync): Statements {
  const entries = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(entries);
}
