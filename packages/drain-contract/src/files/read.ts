import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { MAX_FILE_BYTES } from './decode.ts';
import type { FileSighting } from './sighting.ts';

// The volume may be writable by others: never follow a link, never block on a FIFO.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Looks at `path` once. Never throws, never blocks, never follows a link. */
export function readSmallFile(path: string): FileSighting {
  try {
    const fd = openSync(path, OPEN_FLAGS);
    try {
      return readRegularFile(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', code };
  }
}

/** The same for a file that as a rule is not there: an open that fails takes several times as long to tell. */
export function readRareFile(path: string): FileSighting {
  return isAbsent(path) ? { kind: 'absent' } : readSmallFile(path);
}

function isAbsent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function readRegularFile(fd: number): FileSighting {
  const stat = fstatSync(fd);
  if (stat.isDirectory()) return { kind: 'unreadable', code: 'EISDIR' };
  if (!stat.isFile()) return { kind: 'unreadable', code: 'ENOTREG' };
  const buffer = Buffer.allocUnsafe(Math.min(stat.size, MAX_FILE_BYTES) + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    length += count;
    if (count === 0 || length === stat.size) break;
  }
  return { kind: 'bytes', bytes: buffer.subarray(0, length), mtimeMs: stat.mtimeMs };
}
