import { constants, fchmodSync, fdatasync, fstatSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { closeFile, openFile } from './spare-descriptors.ts';
import { UNTRUSTED_PLACE } from './trusted-file.ts';

/** A block of most file systems. */
const RESERVE_BYTES = 4_096;

const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const OPEN_FLAGS = constants.O_WRONLY | UNTRUSTED_PLACE;

const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

export function isFull(error: unknown): boolean {
  return FULL.includes((error as NodeJS.ErrnoException).code);
}

/** The path of the reserved space for the next content of `path`. */
export function reservePath(path: string): string {
  return `${path}.reserve`;
}

/**
 * Keeps room on the volume for one more content of `path`, of up to 4 KiB: its bytes, and its place in the directory.
 * Never fails. @returns whether the space is reserved.
 */
export async function keepReserve(path: string): Promise<boolean> {
  const reserve = reservePath(path);
  try {
    if (lstatSync(reserve, { throwIfNoEntry: false }) !== undefined) return true;
    const file = openFile(reserve, CREATE_FLAGS, 0o600);
    try {
      writeFileSync(file, ' '.repeat(RESERVE_BYTES));
      await promisify(fdatasync)(file);
      return true;
    } catch (error) {
      rmSync(reserve, { force: true });
      throw error;
    } finally {
      closeFile(file);
    }
  } catch {
    return false;
  }
}

/**
 * Makes the room that is kept for `path` the file `temporary`, to be written from its beginning. The file is open, and
 * longer than what is to be written.
 * @returns `undefined` where no room is kept that this process may use, or not enough.
 */
export function takeReserve(path: string, temporary: string, bytes: number, mode: number): number | undefined {
  let file: number | undefined;
  try {
    renameSync(reservePath(path), temporary);
    file = openFile(temporary, OPEN_FLAGS);
    const stat = fstatSync(file);
    const isOurs = stat.isFile() && stat.nlink === 1 && stat.uid === process.geteuid?.() && stat.size >= bytes;
    if (!isOurs) throw new Error(`${temporary} is not the room that was kept`);
    fchmodSync(file, mode);
    return file;
  } catch {
    if (file !== undefined) closeFile(file);
    rmSync(temporary, { force: true });
    return undefined;
  }
}
