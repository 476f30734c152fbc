import type { DatabaseSync } from 'node:sqlite';
import { pastTurns } from '../past-turns.ts';
import type { HistoryLimits, ListedTurn, PastTurn, TurnQuery, TurnRecord } from '../turn-store.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { listedFromRow, TURN_SELECTION, turnFromRow } from './turn-rows.ts';

const SQL = {
  page: `SELECT seq, ${TURN_SELECTION} FROM turns
  WHERE (:session IS NULL OR session = :session) AND (:status IS NULL OR status = :status)
    AND (:before IS NULL OR seq < :before)
  ORDER BY seq DESC LIMIT :limit`,
  // The condition is that of the index.
  before: `SELECT ${TURN_SELECTION} FROM turns
  WHERE session = (SELECT session FROM turns WHERE id = :id) AND seq < (SELECT seq FROM turns WHERE id = :id)
    AND conversation <> 'separate' AND ended_at IS NOT NULL
  ORDER BY seq DESC`,
} as const;

/** Reads turns page by page: a long read would prevent the reuse of the log. */
export class SqliteTurnHistory {
  readonly #sql: Statements<keyof typeof SQL>;

  constructor(database: DatabaseSync) {
    this.#sql = prepareStatements(database, SQL);
  }

  page({ session, status, before, limit, maxBytes = Number.POSITIVE_INFINITY }: TurnQuery): ListedTurn[] {
    const turns: ListedTurn[] = [];
    let bytes = 0;
    // Row by row, so that rows behind the page are not read.
    const wanted = { session: session ?? null, status: status ?? null, before: before ?? null, limit };
    for (const row of this.#sql.page.iterate(wanted)) {
      const turn = listedFromRow(row);
      turns.push(turn);
      bytes += Buffer.byteLength(turn.text) + Buffer.byteLength(turn.reply ?? '');
      if (bytes >= maxBytes) break;
    }
    return turns;
  }

  before(id: string, limits: HistoryLimits): PastTurn[] {
    return pastTurns(this.#turnsBefore(id), limits);
  }

  *#turnsBefore(id: string): Generator<TurnRecord> {
    for (const row of this.#sql.before.iterate({ id })) yield turnFromRow(row);
  }
}
