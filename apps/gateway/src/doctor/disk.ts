import { closeSync, fsyncSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { holdFileLock, shellLine } from '@hermes/drain-contract';
import { type Finding, fault, fine, reasonOf } from '@hermes/s6-reconciler';

/** Bytes that are written: about as many as a marker or a state. */
const BYTES = 512;

/** Whether a file can be written to the home and flushed, and a lock be taken there. Removes what it wrote. */
export function checkDisk(home: string): Finding {
  let directory: string | undefined;
  let step = 'create a directory';
  try {
    directory = mkdtempSync(join(home, '.doctor-'));
    step = `write and flush ${BYTES} bytes`;
    writeFlushed(join(directory, 'file'));
    step = 'lock a file';
    holdFileLock(join(directory, 'lock'))?.[Symbol.dispose]();
    return fine(`${BYTES} bytes were written, flushed and removed, and a file was locked`);
  } catch (error) {
    const where = shellLine([home]);
    return fault(
      `cannot ${step} in ${home}: ${reasonOf(error)}`,
      `see df -h ${where}; df -i ${where}; ls -ld ${where}`,
    );
  } finally {
    if (directory !== undefined) removeQuietly(directory);
  }
}

function writeFlushed(path: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = Buffer.alloc(BYTES, 'x');
    for (let written = 0; written < BYTES; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function removeQuietly(directory: string): void {
  try {
    for (const name of ['file', 'lock']) rmSync(join(directory, name), { force: true });
    rmdirSync(directory);
  } catch {
    // A volume that fails here has failed above, which is what is reported.
  }
}
