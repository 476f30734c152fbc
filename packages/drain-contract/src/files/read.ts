import { constants, fstatSync, lstatSync, readSync } from 'node:fs';
import { MAX_FILE_BYTES } from './decode.pure.ts';
import { type FileSighting, failedLook, failedRead } from './sighting.ts';
import { closeFile, openFile } from './spare-descriptors.ts';
import { UNTRUSTED_PLACE } from './trusted-file.ts';

const OPEN_FLAGS = constants.O_RDONLY | UNTRUSTED_PLACE;

/** Looks at `path` once. Never throws, never blocks, never follows a link. */
export function readSmallFile(path: string): FileSighting {
  try {
    const fd = openFile(path, OPEN_FLAGS);
    try {
      return readRegularFile(fd);
    } finally {
      closeFile(fd);
    }
  } catch (error) {
    return failedRead(codeOf(error));
  }
}

/** The same for a file that is usually absent: a failed open takes several times as long, and a descriptor. */
export function readRareFile(path: string): FileSighting {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return { kind: 'absent' };
  } catch (error) {
    return failedLook(codeOf(error));
  }
  return readSmallFile(path);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
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
