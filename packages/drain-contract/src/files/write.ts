import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../errors.ts';

// O_EXCL on a random name: nobody can plant a link where the temporary file will be.
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Replaces `path` by a file that holds `text`: a reader sees the old file or the new one, never a part, and once the
 * promise is fulfilled the new one survives a power cut. A link at `path` is replaced, not followed.
 * @throws ContractError with the old file intact.
 */
export async function replaceFile(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await inDirectory(dirname(path), async (directory) => {
      await writeDurably(temporary, text, mode);
      await rename(temporary, path);
      await directory.sync();
    });
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw fileError('write', path, error);
  }
}

/** Removes `path`, durably. @returns false if there was nothing. @throws ContractError if it could not be removed. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await inDirectory(dirname(path), async (directory) => {
      await unlink(path);
      await directory.sync();
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileError('remove', path, error);
  }
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, CREATE_FLAGS, mode);
  try {
    await file.writeFile(text, 'utf8');
    await file.datasync();
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
