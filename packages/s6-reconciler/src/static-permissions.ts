import { chmodSync, chownSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { slotError } from './errors.ts';
import { CONTROL_MODE } from './slot/skeleton.ts';
import type { User } from './user.ts';

/** The supervision tree's own services stay root's alone, such as s6-svscan-log, the logger of all that has no other. */
const INTERNAL = /^(\.|s6rc-|s6-)/;

/**
 * Lets `user` read the status of the static services in `scandir` and write to their control FIFOs. These services are
 * supervised before any boot script runs, so no skeleton could be laid for them; what is there already is opened to the
 * group instead. Their directories stay root's: in a directory of its own, the user could plant links for the root
 * supervisor to write through. So waiting for events (`s6-svc -w`, `s6-svwait`) stays root's, too.
 * @returns the names of the services. @throws ServiceError when the directory cannot be read.
 */
export function fixStaticPermissions(scandir: string, user: User): string[] {
  try {
    return readdirSync(scandir).filter((name) => !INTERNAL.test(name) && openToGroup(join(scandir, name), user));
  } catch (error) {
    throw slotError(`fix the permissions in ${scandir}`, error);
  }
}

/** @returns false for what is not a supervised service of root's. */
function openToGroup(path: string, user: User): boolean {
  const service = serviceDirectory(path);
  if (service === undefined) return false;
  const supervised = [service, join(service, 'log')].filter((directory) =>
    isRootDirectory(join(directory, 'supervise')),
  );
  for (const directory of supervised) {
    chmodSync(join(directory, 'supervise'), 0o755);
    const control = join(directory, 'supervise/control');
    if (lstatSync(control, { throwIfNoEntry: false })?.isFIFO()) {
      chownSync(control, 0, user.gid);
      chmodSync(control, CONTROL_MODE);
    }
  }
  return supervised.length > 0;
}

/** s6-rc publishes its services as links into its own live directory. */
function serviceDirectory(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isRootDirectory(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === 0;
}
