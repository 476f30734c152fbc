import type { PrunableTable, PruneResult, PruneStep } from '../pruning.ts';
import type { Query } from './turn-history.ts';

/** One gateway at a time: another one that prunes has the lock. */
const ALONE = "pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/prune', 3))";

function byPlace(table: 'turns' | 'events', since: string, over: string): string {
  return `WITH looked AS (SELECT seq, ${since} AS since FROM ${table} WHERE seq > $1 ORDER BY seq LIMIT $2),
    found AS (SELECT max(seq) AS last, count(*) AS looked, count(*) FILTER (WHERE since < $3 OR since > $4) AS odd FROM looked),
    gone AS (DELETE FROM ${table} USING found WHERE odd > 0 AND seq > $1 AND seq <= last AND ${over} < $3 AND ${ALONE} RETURNING 1)
    SELECT (SELECT count(*) FROM gone) AS forgotten, last, looked, odd FROM found`;
}

const PLACES = {
  turns: byPlace('turns', 'accepted_at', 'ended_at'),
  events: byPlace('events', 'at', 'at'),
} as const;

const TIMES = {
  notices: `DELETE FROM drain_notices WHERE ctid IN (SELECT ctid FROM drain_notices WHERE back_at < $1 LIMIT $2)`,
  deliveries: `DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE dead_at < $1 LIMIT $2)`,
} as const;

/** Deletes old rows of one range. */
export async function prune(query: Query, table: PrunableTable, step: PruneStep): Promise<PruneResult> {
  if (table === 'turns' || table === 'events') return pruneByPlace(query, PLACES[table], step);
  const { before, limit } = step;
  const [row] = await query<{ forgotten: number }>(
    `WITH gone AS (${TIMES[table]} RETURNING 1) SELECT count(*) AS forgotten FROM gone`,
    [before, limit],
  );
  const forgotten = row?.forgotten ?? 0;
  return { forgotten, next: forgotten === limit ? 0 : null };
}

/**
 * Rows are nearly in the order of time. Some of the first rows may not have ended, or only recently, or were stored while
 * a clock was ahead. So the search for old rows continues until all rows of a step are from after `before`.
 */
async function pruneByPlace(query: Query, sql: string, step: PruneStep): Promise<PruneResult> {
  const { before, now, after, limit } = step;
  const [row] = await query<{ forgotten: number; last: number | null; looked: number; odd: number }>(sql, [
    after,
    limit,
    before,
    now,
  ]);
  if (row === undefined || row.odd === 0) return { forgotten: 0, next: null };
  return { forgotten: row.forgotten, next: row.looked === limit ? row.last : null };
}
