import type { StatementSync } from 'node:sqlite';
import type { PrunableTable, PruneResult, PruneStep } from './records.ts';
import type { Statements } from './statements.ts';

/** One step of forgetting, inside a transaction. */
export function prune(sql: Statements, table: PrunableTable, step: PruneStep): PruneResult {
  switch (table) {
    case 'turns':
      return pruneByPlace(sql.lookAtTurns, sql.pruneTurns, step);
    case 'events':
      return pruneByPlace(sql.lookAtEvents, sql.pruneEvents, step);
    case 'notices':
      return pruneByTime(sql.pruneNotices, step);
    case 'deliveries':
      return pruneByTime(sql.pruneDeliveries, step);
  }
}

/**
 * Rows stand nearly in the order of time. Among the first there may be some that are not over yet, or have been for a
 * short time only, or were stored while the clock was ahead: old ones are looked for behind those, until all rows of a
 * step came after `before`.
 */
function pruneByPlace(look: StatementSync, forget: StatementSync, step: PruneStep): PruneResult {
  const { before, now, after, limit } = step;
  const { last, looked, odd } = look.get(before, now, after, limit) as { last: number; looked: number; odd: number };
  if (odd === 0) return { forgotten: 0, next: null };
  const { changes } = forget.run(after, last, before);
  return { forgotten: Number(changes), next: looked === limit ? last : null };
}

/** For tables with few rows. */
function pruneByTime(forget: StatementSync, { before, limit }: PruneStep): PruneResult {
  const forgotten = Number(forget.run(before, limit).changes);
  return { forgotten, next: forgotten === limit ? 0 : null };
}
