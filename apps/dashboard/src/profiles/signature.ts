import { lstatSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { DESIRED_STATE_FILENAME, DRAIN_REQUEST_FILENAME, GATEWAY_STATE_FILENAME } from '@hermes/drain-contract';

/** The files of a profile that its view is made of. */
export const FILENAMES = [DRAIN_REQUEST_FILENAME, GATEWAY_STATE_FILENAME, DESIRED_STATE_FILENAME] as const;

/** Which directory is there, and since when everything in it has kept its name: files are replaced by renaming. */
export interface DirectorySignature {
  /** 0 without one. */
  readonly inode: number;
  readonly changedAt: number;
}

/** Never throws. */
export function signatureOfDirectory(path: string): DirectorySignature {
  const stat = look(statSync, path);
  return { inode: stat?.ino ?? 0, changedAt: stat?.ctimeMs ?? 0 };
}

/** Changes whenever one of the files does, in any way. Never throws. */
export function signatureOfFiles(home: string): string {
  return FILENAMES.map((filename) => {
    const stat = look(lstatSync, join(home, filename));
    return stat ? `${stat.ino}/${stat.size}/${stat.ctimeMs}` : '';
  }).join();
}

function look(stat: typeof statSync, path: string): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
