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
