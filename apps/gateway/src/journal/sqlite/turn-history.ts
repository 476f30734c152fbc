import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ListedTurn, TurnQuery } from '../turn-store.ts';
import { listedFromRow, TURN_SELECTION } from './turn-rows.ts';

const SQL = `SELECT seq, ${TURN_SELECTION} FROM turns
  WHERE (:session IS NULL OR session = :session) AND (:status IS NULL OR status = :status)
    AND (:before IS NULL OR seq < :before)
  ORDER BY seq DESC LIMIT :limit`;

/** Reads turns page by page: a long read would prevent the reuse of the log. */
export class SqliteTurnHistory {
  readonly #page: StatementSync;

  constructor(database: DatabaseSync) {
    this.#page = database.prepare(SQL);
  }

  page({ session, status, before, limit, maxBytes = Number.POSITIVE_INFINITY }: TurnQuery): ListedTurn[] {
    const turns: ListedTurn[] = [];
    let bytes = 0;
    // Row by row, so that rows behind the page are not read.
    const wanted = { session: session ?? null, status: status ?? null, before: before ?? null, limit };
    for (const row of this.#page.iterate(wanted)) {
      const turn = listedFromRow(row);
      turns.push(turn);
      bytes += Buffer.byteLength(turn.text) + Buffer.byteLength(turn.reply ?? '');
      if (bytes >= maxBytes) break;
    }
    return turns;
  }
}
