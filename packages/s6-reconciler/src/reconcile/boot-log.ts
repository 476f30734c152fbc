import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type HomeOptions, isProfileName, resolveHome, UNTRUSTED_PLACE } from '@hermes/drain-contract';
import { type BootLogEntry, formatBootLogLine, parseBootLogLine } from './boot-log-line.ts';

/** From this size on the log is put aside before more is written. */
const ROTATE_AT_BYTES = 256 * 1024;

/** A boot of ten thousand profiles writes more than the size at which it rotates. */
const MAX_READ_BYTES = 4 * 1024 * 1024;

const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | UNTRUSTED_PLACE;
const READ = constants.O_RDONLY | UNTRUSTED_PLACE;

/** Absolute path of the boot log of a root home. */
export function bootLogPath(options: HomeOptions = {}): string {
  return join(resolveHome(options), 'logs', 'container-boot.log');
}

/** Appends the entries in one write, so that a reader sees whole lines. @throws a system error. */
export function appendBootLog(home: string, entries: readonly BootLogEntry[]): void {
  const path = bootLogPath({ home });
  mkdirSync(join(path, '..'), { recursive: true });
  const fd = openLog(path);
  try {
    const lines = entries.map((entry) => `${formatBootLogLine(entry)}\n`).join('');
    const text = Buffer.from(endsInLine(fd) ? lines : `\n${lines}`);
    for (let written = 0; written < text.length; ) written += writeSync(fd, text, written);
  } finally {
    closeSync(fd);
  }
}

/** A crash may have left half a line, which must not swallow the next one. */
function endsInLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() === '\n');
}

function openLog(path: string): number {
  const fd = openRegular(path, APPEND);
  if (fd !== undefined && fstatSync(fd).size < ROTATE_AT_BYTES) return fd;
  if (fd !== undefined) closeSync(fd);
  renameSync(path, `${path}.1`);
  const fresh = openRegular(path, APPEND);
  if (fresh === undefined) throw new Error(`${path} is not a regular file`);
  return fresh;
}

/** `undefined` for what is not a file of ours: it is put aside like one that is too large. */
function openRegular(path: string, flags: number): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, flags, 0o644);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'EISDIR' || code === 'EACCES') return undefined;
    throw error;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return undefined;
}

/** Options of {@link readBootLog}. */
export interface ReadBootLogOptions extends HomeOptions {
  /** Only entries of this profile. */
  readonly profile?: string | undefined;
  /** Maximum number of entries; the newest are kept. */
  readonly limit?: number | undefined;
}

/** The entries of the last boots, the newest last, across the rotation. Lines that are no entries are left out. Never throws. */
export function readBootLog(options: ReadBootLogOptions = {}): BootLogEntry[] {
  const path = bootLogPath(options);
  const { profile, limit = Number.POSITIVE_INFINITY } = options;
  // A name stands in its lines as it is; to parse all lines of a log that others have filled takes half a second.
  const wanted = profile !== undefined && isProfileName(profile) ? profile : '';
  const newestFirst: BootLogEntry[] = [];
  for (const text of [path, `${path}.1`].map(readTail)) {
    for (const line of text.split('\n').reverse()) {
      if (newestFirst.length >= limit) return newestFirst.reverse();
      const entry = line.includes(wanted) ? parseBootLogLine(line) : undefined;
      if (entry && (profile === undefined || entry.profile === profile)) newestFirst.push(entry);
    }
  }
  return newestFirst.reverse();
}

/** The end of a file, bounded; empty when it cannot be read. */
function readTail(path: string): string {
  try {
    const fd = openRegular(path, READ);
    if (fd === undefined) return '';
    try {
      const { size } = fstatSync(fd);
      const buffer = Buffer.alloc(Math.min(size, MAX_READ_BYTES));
      const length = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8', 0, length);
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
