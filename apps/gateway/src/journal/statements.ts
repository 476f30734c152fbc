import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DELIVERY_COLUMNS, PENDING_DELIVERY_COLUMNS, TURN_COLUMNS, UNFINISHED_COLUMNS } from './rows.ts';

const SQL = {
  accept: `INSERT INTO turns (${TURN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  discard: 'DELETE FROM turns WHERE id = ?',
  start: `UPDATE turns SET status = 'running', attempts = attempts + 1, started_at = ?
    WHERE id = ? AND ended_at IS NULL RETURNING text`,
  recordAgentProcess:
    'UPDATE turns SET agent_group = ?, agent_start_time = ?, agent_epoch = ? WHERE id = ? AND ended_at IS NULL',
  cutOffTurns: `SELECT id, agent_group, agent_start_time, agent_epoch FROM turns
    WHERE ended_at IS NULL AND status = 'running' ORDER BY seq`,
  end: 'UPDATE turns SET status = ?, reply = ?, problem = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL',
  find: `SELECT ${TURN_COLUMNS} FROM turns WHERE id = ?`,
  findMessage: `SELECT ${TURN_COLUMNS} FROM turns WHERE session = ? AND message_id = ?`,
  unfinished: `SELECT ${UNFINISHED_COLUMNS} FROM turns WHERE ended_at IS NULL AND seq > ? ORDER BY seq LIMIT ?`,

  event: 'INSERT INTO events (session, type, data, at) VALUES (?, ?, ?, ?)',
  identity: 'SELECT id FROM identity',
  lastEvent: 'SELECT max(seq) AS seq FROM events',
  eventsAfter: 'SELECT seq, session, type, data, at FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?',
  recordNoticeOnce: 'INSERT INTO drain_notices (session, drain, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  toldDrain: 'SELECT drain FROM drain_notices WHERE back_at IS NULL ORDER BY told_at DESC LIMIT 1',
  notifiedSessions:
    'SELECT DISTINCT session FROM drain_notices WHERE back_at IS NULL AND session > ? ORDER BY session LIMIT ?',
  recordDrainEnd: 'UPDATE drain_notices SET back_at = ? WHERE session = ? AND back_at IS NULL',

  deliver: 'INSERT INTO deliveries (channel, session, event, at, next_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  deliveries: `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE channel = ? AND dead_at IS NULL ORDER BY seq`,
  nextDeliveries: `SELECT ${PENDING_DELIVERY_COLUMNS} FROM deliveries
    WHERE seq IN (SELECT min(seq) FROM deliveries WHERE channel = ? AND dead_at IS NULL GROUP BY session)
    ORDER BY next_at, seq LIMIT ?`,
  findDelivery: `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE seq = ?`,
  delivered: 'DELETE FROM deliveries WHERE seq = ?',
  deliveryRetry: 'UPDATE deliveries SET attempts = attempts + 1, next_at = ?, error = ? WHERE seq = ?',
  deliveryDead: 'UPDATE deliveries SET attempts = attempts + 1, dead_at = ?, error = ? WHERE seq = ?',

  // By their place, with no index by time: that would cost every turn more than this costs a minute.
  lookAtTurns: `SELECT max(seq) AS last, count(*) AS looked, total(accepted_at < ?1 OR accepted_at > ?2) AS odd
    FROM (SELECT seq, accepted_at FROM turns WHERE seq > ?3 ORDER BY seq LIMIT ?4)`,
  pruneTurns: 'DELETE FROM turns WHERE seq > ? AND seq <= ? AND ended_at < ?',
  lookAtEvents: `SELECT max(seq) AS last, count(*) AS looked, total(at < ?1 OR at > ?2) AS odd
    FROM (SELECT seq, at FROM events WHERE seq > ?3 ORDER BY seq LIMIT ?4)`,
  pruneEvents: 'DELETE FROM events WHERE seq > ? AND seq <= ? AND at < ?',
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
