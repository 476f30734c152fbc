import type { ListedTurn, TurnQuery } from '../turn-store.ts';
import { listedFromRow, TURN_SELECTION, type TurnRow } from './rows.ts';
import { toStored } from './stored-text.ts';

/** Runs a query. */
export type Query = <Row extends object>(text: string, values: readonly unknown[]) => Promise<Row[]>;

const SQL = `SELECT ${TURN_SELECTION} FROM (
    SELECT *, sum(size) OVER (ORDER BY seq DESC) - size AS before FROM (
      SELECT *, octet_length(text) + coalesce(octet_length(reply), 0) AS size FROM turns
      WHERE ($1::text IS NULL OR session = $1) AND ($2::text IS NULL OR status = $2) AND ($3::bigint IS NULL OR seq < $3)
      ORDER BY seq DESC LIMIT $4) AS page) AS counted
  WHERE before < $5 ORDER BY seq DESC`;

/** A page of the turns that match, the newest first. */
export async function pageOfTurns(query: Query, wanted: TurnQuery): Promise<ListedTurn[]> {
  const { session, status, before, limit, maxBytes = Number.MAX_SAFE_INTEGER } = wanted;
  const values = [session === undefined ? null : toStored(session), status ?? null, before ?? null, limit, maxBytes];
  return (await query<TurnRow>(SQL, values)).map(listedFromRow);
}
