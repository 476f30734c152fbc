import type { DatabaseSync } from 'node:sqlite';

/**
 * Opens a database with the SQLite of Node, which is loaded at the first call. Works alike on all Nodes that we support:
 * before 22.16 the option `timeout` is ignored in silence, and Node 22 warns of SQLite in each process that loads it.
 * @param waitMs - how long a statement blocks this thread while another process has locked the database, in ms.
 * @throws the error of SQLite.
 */
export function openSqlite(path: string, waitMs: number, { readOnly = false } = {}): DatabaseSync {
  const database = new (loadSqlite().DatabaseSync)(path, { readOnly });
  database.exec(`PRAGMA busy_timeout = ${Math.round(waitMs)}`);
  return database;
}

/** Nothing else can warn meanwhile: it is one synchronous call. */
function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    const sqlite = process.getBuiltinModule('node:sqlite');
    if (sqlite) return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
  throw new Error(`this Node (${process.version}) has no node:sqlite; use 22.13 or newer`);
}
