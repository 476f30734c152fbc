import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { changeError, fileError, isMountPoint, UNTRUSTED_PLACE } from '@hermes/drain-contract';

/** A file that has grown to this many bytes makes room for a new one. */
export const ROTATE_BYTES = 1024 * 1024;

/** The number of older files that are kept. */
const KEPT = 5;

/** How far a file may grow beyond its size while it cannot be rotated. */
export const ROTATE_SLACK_BYTES = 64 * 1024;

/** More than a file can hold that we wrote. */
const MAX_READ_BYTES = ROTATE_BYTES + 2 * ROTATE_SLACK_BYTES;

/** How many times the files are read while others rotate them. */
const MAX_ATTEMPTS = 5;

export function auditPath(home: string): string {
  return join(home, 'logs', 'drain-audit.jsonl');
}

/** The lock of those who append to the files. Not among the files: it is there before their directory is looked at. */
export function auditLockPath(home: string): string {
  return join(home, '.drain_audit.lock');
}

/** The files that there may be, oldest first. */
export function auditPaths(home: string): string[] {
  const path = auditPath(home);
  return [...Array.from({ length: KEPT }, (_, index) => `${path}.${KEPT - index}`), path];
}

/** Makes the directory of the files if need be. @throws Error if there is something else in its place. */
export async function ensureAuditDirectory(home: string): Promise<void> {
  const directory = dirname(auditPath(home));
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!(await lstat(directory)).isDirectory()) throw new Error(`${directory} is not a directory of its own`);
}

/** Opens the file to read it and to append to it; makes it if need be. */
export async function openToAppend(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | UNTRUSTED_PLACE, 0o600);
  return trusted(file, path);
}

/** Codes of errors that say that there is no file, or not one of ours; `trusted` throws without a code. */
const NONE_OF_OURS: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', undefined]);

/**
 * What the file holds, at most its last part; `undefined` when there is none of ours.
 * @throws ContractError when it cannot be read: that is not taken for a file that was removed.
 */
export async function readAuditFile(path: string): Promise<string | undefined> {
  try {
    const file = await trusted(await open(path, constants.O_RDONLY | UNTRUSTED_PLACE), path);
    try {
      return (await readEnd(file, (await file.stat()).size, MAX_READ_BYTES)).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (NONE_OF_OURS.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw fileError('read', path, error);
  }
}

/**
 * What the files hold, oldest first. Read again when they were rotated meanwhile: parts of them would seem missing.
 * @throws ContractError
 */
export async function readAuditFiles(home: string): Promise<string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await inodeOf(auditPath(home));
    const texts: string[] = [];
    for (const path of auditPaths(home)) texts.push((await readAuditFile(path)) ?? '');
    if (attempt === MAX_ATTEMPTS || (await inodeOf(auditPath(home))) === before) return texts;
  }
}

async function inodeOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).ino;
  } catch (error) {
    if (NONE_OF_OURS.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw fileError('look at', path, error);
  }
}

/** The last `bytes` of the file that has `size`. */
export async function readEnd(file: FileHandle, size: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(size, bytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
  return buffer.subarray(0, bytesRead);
}

/**
 * Moves every file one on, and makes a new one. The oldest is replaced in the same step, so that a crash in the middle
 * removes nothing that was to be kept. @throws ContractError
 */
export async function rotate(home: string): Promise<void> {
  const paths = auditPaths(home);
  // Beforehand: where the newest cannot be moved, each attempt would move the others on until they are gone.
  const mounted = paths.find(isMountPoint);
  if (mounted !== undefined) throw changeError('rotate', mounted, { code: 'EBUSY' });
  for (const [index, path] of paths.entries()) {
    if (index > 0) await rename(path, paths[index - 1] ?? '').catch((error) => ignoreAbsence(path, error));
  }
  await (await openToAppend(auditPath(home))).close();
}

/** What the file holds that the next rotation removes; `undefined` while it removes none. */
export async function readRotatedOut(home: string): Promise<string | undefined> {
  const [oldest = '', next = ''] = auditPaths(home);
  return (await inodeOf(next)) === undefined ? undefined : readAuditFile(oldest);
}

/** Whether there are as many older files as are kept: then, and only then, rotation may have removed entries. */
export async function hasAllOlderFiles(home: string): Promise<boolean> {
  const older = auditPaths(home).slice(0, -1);
  return (await Promise.all(older.map(inodeOf))).every((inode) => inode !== undefined);
}

async function trusted(file: FileHandle, path: string): Promise<FileHandle> {
  const stat = await file.stat();
  if (stat.isFile() && stat.nlink === 1) return file;
  await file.close();
  throw new Error(`${path} is not a regular file of its own`);
}

function ignoreAbsence(path: string, error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw changeError('rotate', path, error);
}
