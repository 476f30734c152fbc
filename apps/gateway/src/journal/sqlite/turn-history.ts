import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ListedTurn, TurnQuery } from '../turn-store.ts';
import { listedFromRow, TURN_COLUMNS } from './turn-rows.ts';

const SQL = `SELECT seq, ${TURN_COLUMNS} FROM turns
  WHERE (?1 IS NULL OR session = ?1) AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR seq < ?3)
  ORDER BY seq DESC LIMIT ?4`;

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
    for (const row of this.#page.iterate(session ?? null, status ?? null, before ?? null, limit)) {
      const turn = listedFromRow(row);
      turns.push(turn);
      bytes += Buffer.byteLength(turn.text) + Buffer.byteLength(turn.reply ?? '');
      if (bytes >= maxBytes) break;
    }
    return turns;
  }
}
