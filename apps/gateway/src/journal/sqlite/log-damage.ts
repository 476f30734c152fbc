import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { UNTRUSTED_PLACE } from '@hermes/drain-contract';
import { isLogHeader, LOG_HEADER_BYTES } from './log-header.ts';

const FLAGS = constants.O_RDONLY | UNTRUSTED_PLACE;

/**
 * Whether the log of the journal at `path` holds something, and not behind the header of a log. Only that is certain:
 * where it was cut off, or changed further behind, SQLite stops reading as it does after a crash. The log can be opened
 * beside SQLite, which keeps its locks on the other files. `false` where it cannot be opened: SQLite tells why.
 */
export function isLogDamaged(path: string): boolean {
  // A header that is being written may be seen in pieces.
  return looksDamaged(path) && looksDamaged(path);
}

function looksDamaged(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(`${path}-wal`, FLAGS);
  } catch {
    return false;
  }
  try {
    const header = Buffer.alloc(LOG_HEADER_BYTES);
    // SQLite flushes the header before it writes what follows: a power cut leaves no more than this without it.
    if (fstatSync(descriptor).size <= LOG_HEADER_BYTES) return false;
    return !isLogHeader(header.subarray(0, readSync(descriptor, header, 0, LOG_HEADER_BYTES, 0)));
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}
