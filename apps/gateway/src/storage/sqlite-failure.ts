import { accessSync, closeSync, constants, lstatSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { UNTRUSTED_PLACE } from '@hermes/drain-contract';
import { isTemporary } from '@hermes/service-kit';

const FLAGS = constants.O_RDWR | UNTRUSTED_PLACE;

/** SQLite's primary result code for a file that it could not open. */
const CANNOT_OPEN = 14;

/** The files of a SQLite database. */
export function databaseFiles(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-shm`, `${path}-journal`];
}

/** SQLite's primary result code, or 0 for an error of another source. */
export function resultCode(error: unknown): number {
  return ((error as { errcode?: number } | undefined)?.errcode ?? 0) & 0xff;
}

/**
 * Whether an error of the SQLite database at `path` is temporary. SQLite does not report why it could not open a file,
 * so this opens each file: if that works now, the failure was temporary.
 */
export function isPassing(path: string, error: unknown): boolean {
  return isTemporary(resultCode(error) === CANNOT_OPEN ? whyNotOpened(path) : error);
}

function whyNotOpened(path: string): unknown {
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
    for (const file of databaseFiles(path)) {
      if (lstatSync(file, { throwIfNoEntry: false })) closeSync(openSync(file, FLAGS));
    }
    return { temporary: true };
  } catch (error) {
    return error;
  }
}
