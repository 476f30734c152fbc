import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

/** Each statement of a store, by its name. */
export type Statements<Names extends string> = Readonly<Record<Names, StatementSync>>;

/** Prepares the statements of a store, once. */
export function prepareStatements<Names extends string>(
  database: DatabaseSync,
  sql: Readonly<Record<Names, string>>,
): Statements<Names> {
  const entries = Object.entries<string>(sql).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries);
}

/** A column in a SELECT whose text may contain U+0000: Node 22 would return it only up to there. For {@link textOf}. */
export function wholeText(column: string): string {
  return `CAST(${column} AS BLOB) AS ${column}`;
}

/** The text of a column that was selected with {@link wholeText}. */
export function textOf(value: SQLOutputValue | undefined): string {
  const { buffer, byteOffset, byteLength } = value as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

/** The same for a column that may be NULL. */
export function nullableTextOf(value: SQLOutputValue | undefined): string | null {
  return value === null ? null : textOf(value);
}
