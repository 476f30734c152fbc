import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type BootLogEntry, parseBootLine } from './parse.ts';

/** The reconciler rotates its log long before. */
const MAX_BYTES = 512 * 1024;

// The volume may be writable by others: never follow a link, never block on a FIFO.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

export interface BootLogOptions {
  /** The root home. */
  readonly home: string;
  /** Only lines of this profile. */
  readonly profile?: string | undefined;
  readonly limit: number;
}

/** The last boots, newest last. Never throws: what cannot be read is not there. */
export function readBootLog({ home, profile, limit }: BootLogOptions): BootLogEntry[] {
  const log = join(home, 'logs', 'container-boot.log');
  const lines = [`${log}.1`, log].flatMap((path) => tailOf(path).split('\n'));
  const entries = lines.flatMap((line) => parseBootLine(line) ?? []);
  return entries.filter((entry) => profile === undefined || entry.profile === profile).slice(-limit);
}

/** The end of the file, from the beginning of a line. */
function tailOf(path: string): string {
  try {
    const fd = openSync(path, FLAGS);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) return '';
      const start = Math.max(0, stat.size - MAX_BYTES);
      const buffer = Buffer.alloc(Math.min(stat.size, MAX_BYTES));
      const text = buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, start));
      return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
