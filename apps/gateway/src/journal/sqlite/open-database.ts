import { closeSync, constants, lstatSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isMountPoint, openSqlite } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { databaseFiles, isPassing, resultCode } from '../../storage/sqlite-failure.ts';
import { isLogDamaged } from './log-damage.ts';
import { MIGRATIONS } from './migrations.ts';

/** How long another process may lock the database before the start fails, in ms. */
const BUSY_TIMEOUT_MS = 2_000;

/** SQLite's primary result codes that an operator can act on, and the action. */
const CURES: Record<number, string> = {
  5: 'another process has locked it; stop that process first',
  6: 'another connection has locked a table; stop the other program first',
  7: 'no memory is free; free some memory',
  8: 'it is read-only for this user; give this user write access',
  10: 'the disk reports an error; check the disk',
  11: 'it is corrupt; restore it from a backup, or move it away to start without its turns',
  13: 'the volume is full; free some space',
  14: 'it cannot be opened; check the permissions of the file and its directory',
  15: 'other processes use it; stop them first',
  26: 'it is not a SQLite database; move it away or restore it from a backup',
};

/** Result codes of a damaged database: corrupt, and not a database. */
const UNSOUND = [11, 26];

/** Result codes of a reader that do not indicate damage: busy, read-only, cannot open. */
const NOT_FOR_READERS = [5, 8, 14];

/**
 * Opens the gateway's database for its only writer, at the current schema. @throws StartupError; the file is then
 * unchanged.
 */
export function openDatabase(path: string): DatabaseSync {
  requireOneVolume(path);
  requireLogOwner(path);
  requireLog(path);
  inspect(path);
  createPrivately(path);
  return open(path, {}, (database) => {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    migrate(database, path);
  });
}

/** Opens it read-only; the gateway need not run. @throws StartupError */
export function openForReading(path: string): DatabaseSync {
  requireLog(path);
  return open(path, { readOnly: true }, (database) => requireKnownSchema(database, path));
}

/**
 * Refuses an unusable file before it is opened for writing: the last writer that closes a database moves its log into
 * it, even if that writer only refused it.
 */
function inspect(path: string): void {
  const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  try {
    open(path, { readOnly: true }, (database) => {
      requireKnownSchema(database, path);
      requireSoundness(database, path);
    }).close();
  } catch (error) {
    // A reader can neither clean up after a crash nor write beside the file. The first write shows whether this process
    // can.
    if (!NOT_FOR_READERS.includes(resultCode((error as Error).cause))) throw error;
  }
}

function open(path: string, options: { readOnly?: boolean }, prepare: (database: DatabaseSync) => void): DatabaseSync {
  requireRegularFile(path);
  let database: DatabaseSync | undefined;
  try {
    database = openSqlite(path, BUSY_TIMEOUT_MS, options);
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw databaseError(path, error);
  }
}

/** An error of the database at `path`, with what to do. */
export function databaseError(path: string, error: unknown): Error {
  const cure = CURES[resultCode(error)];
  if (cure === undefined) return error as Error;
  const moving = isLasting(error) ? `: ${moveAway(path)}` : '';
  const message = `cannot use the journal ${path}: ${cure} (${(error as Error).message})${moving}`;
  return new StartupError(message, { cause: error, temporary: isPassing(path, error) });
}

/** Whether the error is about the database, and not about the request. */
export function isOfDatabase(error: unknown): boolean {
  return CURES[resultCode(error)] !== undefined || (error as Error).name === 'JournalLostError';
}

/** Whether only the next start, which checks the whole file, can tell that the problem has passed. */
export function isLasting(error: unknown): boolean {
  return UNSOUND.includes(resultCode(error));
}

/**
 * By default, SQLite would create a file that all users can read; its other files inherit the permissions of this one.
 */
function createPrivately(path: string): void {
  requireRegularFile(path);
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600));
  } catch {
    // It exists or cannot be created: SQLite finds that out next, and reports the reason.
  }
}

/** A database that is mounted as a single file loses the messages in its log; SQLite cannot remove a mounted log. */
function requireOneVolume(path: string): void {
  const found = databaseFiles(path).find(isMountPoint);
  if (found === undefined) return;
  throw new StartupError(
    `cannot use the journal ${path}: expected it and its log in one directory, found a mount point at ${found}; mount the directory ${dirname(path)}, not the file`,
  );
}

/** A log without its database, which was deleted or truncated: SQLite would drop the log and its messages. */
export function requireLogOwner(path: string): void {
  requireRegularFile(path);
  const sizeOf = (file: string): number => lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeOf(path) > 0 || sizeOf(`${path}-wal`) === 0) return;
  throw new StartupError(
    `cannot use the journal ${path}: it is missing or empty, but its log ${path}-wal holds messages; restore it from a backup, or move the log away as well, to start without its turns`,
  );
}

/** SQLite would follow a link that another user created on the volume. */
function requireRegularFile(path: string): void {
  for (const file of databaseFiles(path)) {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat && !stat.isFile())
      throw new StartupError(`cannot use the journal ${path}: ${file} is not a regular file; remove it`);
  }
}

export function requireSoundness(database: DatabaseSync, path: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
  if (found?.quick_check === 'ok') return;
  const problem = String(found?.quick_check).replaceAll(/\s+/g, ' ');
  throw new StartupError(`cannot use the journal ${path}: ${CURES[11]} (${problem}): ${moveAway(path)}`);
}

/** SQLite treats an unreadable log as empty, and would overwrite its messages. */
function requireLog(path: string): void {
  requireRegularFile(path);
  if (!isLogDamaged(path)) return;
  const problem = `its log ${path}-wal is damaged: expected the header of a SQLite log, found other bytes`;
  throw new StartupError(
    `cannot use the journal ${path}: ${problem}; restore both files from a backup, or move them away to start without their turns: ${moveAway(path)}`,
  );
}

/** The command that moves the journal away with all its files. */
function moveAway(path: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const place = quoted(join(dirname(path), 'damaged-journal'));
  return `mkdir ${place} && mv ${quoted(path)}* ${place}`;
}

/**
 * Always writes: a database that is locked, read-only or on a full volume is found now, and not at the first message.
 */
function migrate(database: DatabaseSync, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  for (const migration of MIGRATIONS.slice(requireKnownSchema(database, path))) database.exec(migration);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT;`);
}

/** @returns the version of the schema, 0 for an empty database. */
function requireKnownSchema(database: DatabaseSync, path: string): number {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    const known = `this program knows versions up to ${MIGRATIONS.length}`;
    throw new StartupError(
      `cannot use the journal ${path}: its schema is version ${version}, ${known}; install a newer release`,
    );
  }
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const isOurs = version === 0 ? tables.length === 0 : tables.some(({ name }) => name === 'turns');
  if (isOurs) return version;
  throw new StartupError(`cannot use the journal ${path}: it is the database of another program; move it away`);
}
