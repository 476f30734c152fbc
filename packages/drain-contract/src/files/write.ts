import {
  constants,
  fdatasync,
  fsync,
  ftruncateSync,
  linkSync,
  lstatSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { changeError } from './change-error.ts';
import { removeLeftovers, temporaryPath } from './leftovers.ts';
import { isFull, takeReserve } from './reserve.ts';
import { closeFile, openFile } from './spare-descriptors.ts';
import { takeStep, waitForStep } from './steps.ts';

// Clients wait for each change. In memory, the kernel is faster than a thread of the pool; waiting for the disk must not
// block the program.
const sync = promisify(fsync);
const syncData = promisify(fdatasync);

// O_EXCL on a random name: no process can plant a link in the place of the temporary file.
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Replaces `path` by a file that holds `text`: a reader sees the old file or the new one, never a part, and once the
 * promise is fulfilled the new one survives a power loss. A link at `path` is replaced, not followed.
 * @throws ContractError with the old file intact, except when all that failed was to make the change durable
 * ("cannot durably write"): then readers see the new file already, and a power loss may restore the old one.
 */
export async function replaceFile(path: string, text: string, mode = 0o644): Promise<void> {
  await putFile(path, text, mode, (temporary) => rename(temporary, path));
}

/**
 * As {@link replaceFile}, if `isStill` says right before that the file is the one to be replaced.
 * @returns whether it was.
 */
export function replaceFileIf(path: string, text: string, isStill: () => boolean): Promise<boolean> {
  return putFile(path, text, 0o644, (temporary) => isStill() && rename(temporary, path));
}

/**
 * As {@link replaceFile}, where there is no file yet. The system itself decides: a file that another program made a moment ago,
 * with whatever program, stays. @returns false if there is one.
 */
export function createFile(path: string, text: string): Promise<boolean> {
  return putFile(path, text, 0o644, (temporary) => link(temporary, path));
}

/** Prepares a file and lets `place` put it at `path`, in one step, or not: then it returns false. */
async function putFile(
  path: string,
  text: string,
  mode: number,
  place: (temporary: string) => boolean,
): Promise<boolean> {
  const temporary = temporaryPath(path);
  // Done before the new file is there: by a clock that is ahead of that of the volume, it would be old already.
  const tidied = removeLeftovers(path);
  if (tidied !== undefined) await tidied;
  let isPlaced = false;
  try {
    await inDirectory(dirname(path), async (directory) => {
      await prepare(path, temporary, text, mode);
      isPlaced = place(temporary);
      if (isPlaced) await waitForStep('sync-directory', () => sync(directory));
      else await unlink(temporary);
    });
    return isPlaced;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw changeError(isPlaced ? 'durably write' : 'write', path, error);
  }
}

/** Writes the file that is to be put at `path`; on a full volume, into the room that is kept for it. @throws what the system says */
async function prepare(path: string, temporary: string, text: string, mode: number): Promise<void> {
  try {
    const file = takeStep('create', () => openFile(temporary, CREATE_FLAGS, mode));
    await fill(file, () => takeStep('write', () => writeFileSync(file, text)));
  } catch (error) {
    const bytes = Buffer.from(text);
    const reserve = isFull(error) ? takeReserve(path, temporary, bytes.length, mode) : undefined;
    if (reserve === undefined) throw error;
    await fill(reserve, () => {
      // Over the blocks that it has: it is cut off only then.
      writeSync(reserve, bytes, 0, bytes.length, 0);
      ftruncateSync(reserve, bytes.length);
    });
  }
}

async function fill(file: number, write: () => void): Promise<void> {
  try {
    write();
    await waitForStep('sync', () => syncData(file));
  } finally {
    closeFile(file);
  }
}

function rename(temporary: string, path: string): true {
  takeStep('rename', () => renameSync(temporary, path));
  return true;
}

/** Errno names of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

function link(temporary: string, path: string): boolean {
  try {
    takeStep('link', () => linkSync(temporary, path));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.includes(code)) throw error;
    return lstatSync(path, { throwIfNoEntry: false }) === undefined && rename(temporary, path);
  }
  try {
    takeStep('unlink', () => unlinkSync(temporary));
  } catch {
    // The file is in its place; the other name of it is removed with what writers that died have left.
  }
  return true;
}

/**
 * The same at once: readers see the new file when the call returns, and a power loss may restore the old one.
 * @throws ContractError with the old file intact.
 */
export function replaceFileNow(path: string, text: string, mode = 0o644): void {
  const temporary = temporaryPath(path);
  try {
    const file = takeStep('create', () => openFile(temporary, CREATE_FLAGS, mode));
    try {
      takeStep('write', () => writeFileSync(file, text));
    } finally {
      closeFile(file);
    }
    rename(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw changeError('write', path, error);
  }
}

/**
 * Removes `path`, durably. @returns false if there was nothing.
 * @throws ContractError with the file still there, except when all that failed was to make the change durable
 * ("cannot durably remove"): then it is gone for readers, and a power loss may restore it.
 */
export async function removeFile(path: string): Promise<boolean> {
  let action = 'remove';
  try {
    await inDirectory(dirname(path), async (directory) => {
      takeStep('unlink', () => unlinkSync(path));
      action = 'durably remove';
      await waitForStep('sync-directory', () => sync(directory));
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw changeError(action, path, error);
  }
}

/** Opens the directory before `task` changes anything in it: one that cannot be synced must be refused beforehand. */
async function inDirectory(path: string, task: (directory: number) => Promise<void>): Promise<void> {
  const directory = openFile(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await task(directory);
  } finally {
    closeFile(directory);
  }
}
