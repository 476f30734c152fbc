import { type BigIntStats, constants, fchmodSync, fchownSync, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ContractError } from '../errors.ts';
import { closeFile, openFile } from './spare-descriptors.ts';

const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Which file it is. An inode number alone is reused as soon as its file is gone; its change time is not. */
export type FileIdentity = Pick<BigIntStats, 'dev' | 'ino' | 'ctimeNs'>;

/**
 * Makes the lock file at `path` unless it is there.
 * @returns which file it is. @throws ContractError `not_a_file`, or the error of the system.
 */
export function ensureLockFile(path: string): FileIdentity {
  const stat = lookAt(path) ?? createLockFile(path);
  if (stat.isFile() && stat.nlink === 1n && stat.size === 0n) return stat;
  // SQLite reads a database and the files beside it: other users may have created both.
  throw new ContractError(
    'not_a_file',
    `cannot lock ${path}: expected an empty regular file with no other name; remove it and try again`,
  );
}

/** Whether the file at `path` is still the one that had `identity`. */
export function isSameFile(path: string, { dev, ino, ctimeNs }: FileIdentity): boolean {
  const stat = lookAt(path);
  return stat !== undefined && stat.dev === dev && stat.ino === ino && stat.ctimeNs === ctimeNs;
}

function lookAt(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function createLockFile(path: string): BigIntStats {
  try {
    const file = openFile(path, CREATE_FLAGS, 0o600);
    try {
      openToWritersOf(dirname(path), file);
    } finally {
      closeFile(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return lstatSync(path, { bigint: true });
}

/**
 * The users who may write the directory may take the lock, whichever of them was first; others may not, as even one who
 * can only read the file could hold a lock on it.
 */
function openToWritersOf(directory: string, file: number): void {
  const { mode, uid, gid } = statSync(directory);
  const write = mode & 0o222;
  try {
    if (process.geteuid?.() === 0) fchownSync(file, uid, gid);
    fchmodSync(file, write | (write << 1));
  } catch {
    // A file system without owners and modes.
  }
}
