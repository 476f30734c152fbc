import { constants } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../errors.ts';
import { removeLeftovers, temporaryPath } from './leftovers.ts';
import { takeStep } from './steps.ts';

// O_EXCL on a random name: nobody can plant a link where the temporary file will be.
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Replaces `path` by a file that holds `text`: a reader sees the old file or the new one, never a part, and once the
 * promise is fulfilled the new one survives a power cut. A link at `path` is replaced, not followed.
 * @throws ContractError with the old file intact, except when all that failed was to make the change durable
 * ("cannot durably write"): then readers see the new file already, and a power cut may bring back the old one.
 */
export async function replaceFile(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = temporaryPath(path);
  let action = 'write';
  try {
    await removeLeftovers(path);
    await inDirectory(dirname(path), async (directory) => {
      await writeDurably(temporary, text, mode);
      await takeStep('rename', () => rename(temporary, path));
      action = 'durably write';
      await takeStep('sync-directory', () => directory.sync());
    });
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw fileError(action, path, error);
  }
}

/**
 * Removes `path`, durably. @returns false if there was nothing.
 * @throws ContractError with the file still there, except when all that failed was to make the change durable
 * ("cannot durably remove"): then it is gone for readers, and a power cut may bring it back.
 */
export async function removeFile(path: string): Promise<boolean> {
  let action = 'remove';
  try {
    await inDirectory(dirname(path), async (directory) => {
      await takeStep('unlink', () => unlink(path));
      action = 'durably remove';
      await takeStep('sync-directory', () => directory.sync());
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileError(action, path, error);
  }
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await takeStep('create', () => open(path, CREATE_FLAGS, mode));
  try {
    await takeStep('write', () => file.writeFile(text, 'utf8'));
    await takeStep('sync', () => file.datasync());
  } finally {
    await file.close();
  }
}

/** Opens the directory before `task` changes anything in it: one that cannot be synced must be refused beforehand. */
async function inDirectory(path: string, task: (directory: FileHandle) => Promise<void>): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await task(directory);
  } finally {
    await directory.close();
  }
}
