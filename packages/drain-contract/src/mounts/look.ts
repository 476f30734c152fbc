import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Mount, parseMounts } from './mountinfo.pure.ts';

const MOUNTINFO = '/proc/self/mountinfo';

/** The mounts that this process sees. @throws the error of the system where they cannot be read, as without /proc. */
export function readMounts(): Mount[] {
  return parseMounts(readFileSync(MOUNTINFO, 'utf8'));
}

/** Whether something is mounted at `path` itself, such as a single file. `undefined` if unknown. */
export function isMountPoint(path: string): boolean | undefined {
  try {
    const place = join(realpathSync(dirname(path)), basename(path));
    return readMounts().some(({ mountPoint }) => mountPoint === place);
  } catch {
    return undefined;
  }
}
