import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { UNTRUSTED_PLACE } from '@hermes/drain-contract';
import { isLogHeader, LOG_HEADER_BYTES } from './log-header.ts';

const FLAGS = constants.O_RDONLY | UNTRUSTED_PLACE;

/**
 * Whether the log of the journal at `path` has content without a valid header. Only that is certain damage: at a cut or
 * a later change, SQLite stops reading as after a crash. The log may be opened beside SQLite, which has its locks on
 * the other files. `false` if it cannot be opened: SQLite reports the error.
 */
export function isLogDamaged(path: string): boolean {
  // A header may be read while it is written.
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
    // SQLite flushes the header before it writes more: after a power cut, a log without a header is not longer than
    // this.
    if (fstatSync(descriptor).size <= LOG_HEADER_BYTES) return false;
    return !isLogHeader(header.subarray(0, readSync(descriptor, header, 0, LOG_HEADER_BYTES, 0)));
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}
