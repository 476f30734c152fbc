import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PrunableTable, PruneResult, PruneStep } from '../pruning.ts';
import { prepareStatements, type Statements } from './statements.ts';

const SQL = {
  // By row number, without an index by time: an index would cost each turn more than the scan costs per minute.
  lookAtTurns: `SELECT max(seq) AS last, count(*) AS looked, total(accepted_at < :before OR accepted_at > :now) AS odd
    FROM (SELECT seq, accepted_at FROM turns WHERE seq > :after ORDER BY seq LIMIT :limit)`,
  // The start of a conversation stays as long as a turn before it, which would else be part of the conversation.
  turns: `DELETE FROM turns WHERE seq > ? AND seq <= ? AND ended_at < ? AND (conversation <> 'start' OR NOT EXISTS (
    SELECT 1 FROM turns AS earlier WHERE earlier.session = turns.session AND earlier.seq < turns.seq
      AND earlier.conversation <> 'separate'))`,
  lookAtEvents: `SELECT max(seq) AS last, count(*) AS looked, total(at < :before OR at > :now) AS odd
    FROM (SELECT seq, at FROM events WHERE seq > :after ORDER BY seq LIMIT :limit)`,
  events: 'DELETE FROM events WHERE seq > ? AND seq <= ? AND at < ?',
  notices:
    'DELETE FROM drain_notices WHERE (session, drain) IN (SELECT session, drain FROM drain_notices WHERE back_at < ? LIMIT ?)',
  deliveries: 'DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE dead_at < ? LIMIT ?)',
} as const;

/** Deletes old rows. */
export class Pruner {
  readonly #sql: Statements<keyof typeof SQL>;

  constructor(database: DatabaseSync) {
    this.#sql = prepareStatements(database, SQL);
  }

  /** Deletes one range, inside a transaction. */
  prune(table: PrunableTable, step: PruneStep): PruneResult {
    const sql = this.#sql;
    switch (table) {
      case 'turns':
        return pruneByPlace(sql.lookAtTurns, sql.turns, step);
      case 'events':
        return pruneByPlace(sql.lookAtEvents, sql.events, step);
      case 'notices':
        return pruneByTime(sql.notices, step);
      case 'deliveries':
        return pruneByTime(sql.deliveries, step);
    }
  }
}

/**
 * Rows are nearly in the order of time. Some of the first rows may not have ended, or only recently, or were stored
 * while the clock was ahead. So the search for old rows continues until all rows of a step are from after `before`.
 */
function pruneByPlace(look: StatementSync, forget: StatementSync, step: PruneStep): PruneResult {
  const { before, now, after, limit } = step;
  const { last, looked, odd } = look.get({ before, now, after, limit }) as {
    last: number;
    looked: number;
    odd: number;
  };
  if (odd === 0) return { forgotten: 0, next: null };
  const { changes } = forget.run(after, last, before);
  return { forgotten: Number(changes), next: looked === limit ? last : null };
}

/** For tables with few rows. */
function pruneByTime(forget: StatementSync, { before, limit }: PruneStep): PruneResult {
  const forgotten = Number(forget.run(before, limit).changes);
  return { forgotten, next: forgotten === limit ? 0 : null };
}
