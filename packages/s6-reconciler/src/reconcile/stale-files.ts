import { lstatSync, unlinkSync } from 'node:fs';
import { PID_FILENAME } from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';

/** They hold process ids of a container that is gone; in the new one the same numbers are other processes. */
const STALE_FILES = [PID_FILENAME, 'processes.json'];

/** Removes what an earlier container left in a profile's home. @returns what could not be removed, and why. */
export function removeStaleFiles(home: string): string | undefined {
  for (const name of STALE_FILES) {
    const path = `${home}/${name}`;
    try {
      // Mostly there is none, and a failed call takes four times as long.
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'ENOENT' && errno !== 'ENOTDIR') return `stale ${name} cannot be removed (${errno})`;
    }
  }
  return undefined;
}
