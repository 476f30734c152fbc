import { closeSync, constants, lstatSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileError } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { MIGRATIONS } from './migrations.ts';

/** How long another process may hold the database before we give up, in ms. */
const BUSY_TIMEOUT_MS = 2_000;

/** SQLite's primary result codes that a person can do something about, and what. */
const CURES: Record<number, string> = {
  5: 'another process holds it locked; stop that one first',
  8: 'it is read-only for this user; give this user write access',
  10: 'the disk reports an error; check the disk',
  11: 'it is corrupt; restore it from a backup, or move it away to start without its turns',
  13: 'the volume is full; free some space',
  14: 'it cannot be opened; check the permissions of the file and its directory',
  26: 'it is not a SQLite database; move it away or restore it from a backup',
};

/** Opens the gateway's database for its only writer, at our schema. @throws StartupError; the file is then untouched. */
export function openDatabase(path: string): DatabaseSync {
  requireRegularFile(path);
  createPrivately(path);
  try {
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
      requireSoundness(database, path);
      migrate(database, path);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw databaseError(path, error);
  }
}

/** Opens it for looking only, while its gateway runs or not. @throws StartupError */
export function openForReading(path: string): DatabaseSync {
  requireRegularFile(path);
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    requireKnownSchema(database, path);
    return database;
  } catch (error) {
    throw databaseError(path, error);
  }
}

/** What went wrong with the database at `path`, told so that a person can act on it. */
export function databaseError(path: string, error: unknown): Error {
  const code = (error as { errcode?: number }).errcode;
  const cure = code === undefined ? undefined : CURES[code & 0xff];
  if (cure === undefined) return error as Error;
  return new StartupError(`cannot use the journal ${path}: ${cure} (${(error as Error).message})`, { cause: error });
}

/** SQLite would let everybody read what people say to their agent; its other files take over the permissions of this one. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError('create', path, error);
  }
}

/** SQLite would follow a link that somebody planted on the volume. */
function requireRegularFile(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat && !stat.isFile())
      throw new StartupError(`cannot use the journal ${path}: ${file} is not a regular file; remove it`);
  }
}

function requireSoundness(database: DatabaseSync, path: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
  if (found?.quick_check === 'ok') return;
  throw new StartupError(`cannot use the journal ${path}: ${CURES[11]} (${found?.quick_check})`);
}

function migrate(database: DatabaseSync, path: string): void {
  for (let version = requireKnownSchema(database, path); version < MIGRATIONS.length; version++) {
    database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version]}; PRAGMA user_version = ${version + 1}; COMMIT;`);
  }
}

/** @returns the version of the schema. */
function requireKnownSchema(database: DatabaseSync, path: string): number {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version <= MIGRATIONS.length) return version;
  const known = `this program knows versions up to ${MIGRATIONS.length}`;
  throw new StartupError(
    `cannot use the journal ${path}: its schema is version ${version}, ${known}; install a newer release`,
  );
}
