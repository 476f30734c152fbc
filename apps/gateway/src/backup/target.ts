import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { fileError, shellLine } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { explainSystemError } from '../storage/system-error.ts';

/** Where a backup is written. */
export interface Target {
  /** Absolute. */
  readonly file: string;
  /** Whether an existing file is replaced. */
  readonly force: boolean;
}

/** @throws StartupError if `file` exists and must not be replaced, or is in `home`. */
export function requireTarget({ file, force }: Target, home: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile()) throw new StartupError(`${file} is not a regular file: choose another name`);
  if (found && !force)
    throw new StartupError(`${file} already exists: choose another name, or replace it with --force`);
  let directory: string;
  try {
    directory = realpathSync(dirname(file));
  } catch (error) {
    throw fileError('write into', dirname(file), error);
  }
  const inside = realpathSync(home);
  if (directory !== inside && !directory.startsWith(`${inside}${sep}`)) return;
  throw new StartupError(
    `${file} is in the home ${home}, with which it would be lost: choose a directory outside, on another disk`,
  );
}

/** A directory that has not changed for so long has no process that uses it, in ms. */
const LEFTOVER_MS = 86_400_000;

/** Removes the directories of earlier backups to `file` whose process was killed. Never throws. */
export function removeLeftovers(file: string): void {
  try {
    for (const name of readdirSync(dirname(file))) {
      const path = join(dirname(file), name);
      const isLeft = name.startsWith(stagingName(file)) && Date.now() - lstatSync(path).mtimeMs > LEFTOVER_MS;
      if (isLeft) removeStaging(path);
    }
  } catch {
    // What remains takes room, and is seen.
  }
}

function stagingName(file: string): string {
  return `.${basename(file)}.part-`;
}

/** Makes a directory beside `file` that only this user can use. @throws ContractError */
export function makeStaging(file: string): string {
  try {
    return mkdtempSync(join(dirname(file), stagingName(file)));
  } catch (error) {
    throw fileError('write into', dirname(file), error);
  }
}

/** Puts `written` at the target, in one step, and flushes the directory. @throws StartupError, or the error of the system. */
export function place(written: string, { file, force }: Target): void {
  if (force) renameSync(written, file);
  else linkOrRename(written, file);
  syncDirectory(dirname(file));
}

/** Errno names of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

function linkOrRename(written: string, file: string): void {
  try {
    linkSync(written, file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && !NO_LINKS.includes(code)) throw error;
    if (code !== 'EEXIST' && lstatSync(file, { throwIfNoEntry: false }) === undefined) renameSync(written, file);
    else throw new StartupError(`another program made ${file} meanwhile; it is unchanged: choose another name`);
  }
}

export function syncDirectory(path: string): void {
  const directory = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** An error of the system while the backup was written, with what to do. */
export function targetError(file: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const where = shellLine([dirname(file)]);
    return new StartupError(
      `cannot write ${file}: no space is left there; a backup needs room for the journal twice; see df -h ${where}`,
      { cause: error, temporary: false },
    );
  }
  return explainSystemError('use', file, error);
}

export function removeStaging(path: string): void {
  // A copy that is interrupted may make a file meanwhile.
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}
