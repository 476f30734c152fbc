import { realpathSync, statfsSync } from 'node:fs';
import { type Mount, mountOf, type Profile, readMounts, shellLine } from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';
import type { Supervision } from '../manager/supervision.ts';
import { mountedFiles } from '../mounts/mounted-files.ts';
import { whyLocksMayFail } from '../mounts/network.ts';
import { cureOfNoexec } from '../mounts/noexec.ts';
import { judgeSpace, type Space, tellSpace } from '../mounts/space.ts';
import { asUser } from '../user.ts';
import type { Check } from './check.ts';

/** A checked directory and its mount. */
interface Place {
  readonly profile: string | null;
  /** Its name in the checks. */
  readonly name: string;
  /** Absolute, without links. */
  readonly path: string;
  readonly mount: Mount;
  readonly space: Space | string;
}

/** Looks at what the scan directory and the homes are mounted on. A profile on the mount of the root home is not listed separately. */
export function examineMounts(
  { scandir, home, user }: Pick<Supervision, 'scandir' | 'home' | 'user'>,
  profiles: readonly Profile[],
  read: () => readonly Mount[] = readMounts,
): Check[] {
  return withMounts(read, (mounts) => {
    const scan = lookAt({ profile: null, name: 'scan directory', path: scandir }, mounts);
    const ofScan = isCheck(scan) ? [scan] : [checkPrograms(scan), ...checkWrites(scan)];
    return [...ofScan, ...checkHomes(home, user, profiles, mounts)];
  });
}

/** As {@link examineMounts}, only for `home` itself, which need not be that of a supervised gateway. */
export function examineHomeMounts(home: string, read: () => readonly Mount[] = readMounts): Check[] {
  return withMounts(read, (mounts) => checkHomes(home, undefined, [], mounts));
}

function withMounts(read: () => readonly Mount[], examine: (mounts: readonly Mount[]) => Check[]): Check[] {
  let mounts: readonly Mount[];
  try {
    mounts = read();
  } catch (error) {
    return [unseen(null, 'mounts', `/proc/self/mountinfo: ${errnoOf(error)}`, 'mount /proc')];
  }
  return examine(mounts);
}

function checkHomes(
  home: string,
  user: Supervision['user'],
  profiles: readonly Profile[],
  mounts: readonly Mount[],
): Check[] {
  const look = (profile: string | null, path: string) => lookAt({ profile, name: 'home', path }, mounts);
  const named = profiles.filter((profile) => profile.home !== home);
  // Changing users for each of them would take longer than the checks.
  const [root, others] = asUser(user, () => [look(null, home), named.map(({ name, home }) => look(name, home))]);
  const apart = others.filter((place) => isCheck(place) || isCheck(root) || place.mount !== root.mount);
  const homes = [root, ...others].flatMap((place) => (isCheck(place) ? [] : [place]));
  return [
    ...[root, ...apart].flatMap((place) => (isCheck(place) ? [place] : [...checkWrites(place), checkLocks(place)])),
    ...checkFiles(homes, mounts),
  ];
}

function lookAt(about: Pick<Place, 'profile' | 'name' | 'path'>, mounts: readonly Mount[]): Place | Check {
  const { profile, name } = about;
  try {
    const path = realpathSync(about.path);
    const mount = mountOf(path, mounts);
    if (mount !== undefined) return { ...about, path, mount, space: readSpace(path) };
    return unseen(profile, `${name} mount`, `no mount of ${path} in /proc/self/mountinfo, as in a chroot`, null);
  } catch (error) {
    return unseen(profile, `${name} mount`, `${about.path}: ${errnoOf(error)}`, 'run this as its owner, or as root');
  }
}

/** @returns the errno name where it cannot be determined. */
function readSpace(path: string): Space | string {
  try {
    const { bsize, blocks, bavail, files, ffree } = statfsSync(path);
    return { bytes: blocks * bsize, freeBytes: bavail * bsize, inodes: files, freeInodes: ffree };
  } catch (error) {
    return errnoOf(error) ?? 'unknown error';
  }
}

function checkPrograms({ profile, name, path, mount }: Place): Check {
  const about = { profile, check: `${name} programs` };
  if (!mount.options.has('noexec')) return { ...about, ok: true, found: `${path} permits them`, cure: null };
  const found = `${path} is on ${tellMount(mount)} with noexec, so that s6-supervise can start no gateway`;
  return { ...about, ok: false, found, cure: cureOfNoexec(mount) };
}

function checkWrites(place: Place): Check[] {
  const { profile, name, path, mount } = place;
  const about = { profile, check: `${name} mount` };
  const on = `${path} is on ${tellMount(mount)}`;
  if (!mount.options.has('ro')) return [{ ...about, ok: true, found: on, cure: null }, checkSpace(place)];
  const cure = `mount -o remount,rw ${shellLine([mount.mountPoint])}, or mount the volume without ro (readOnly: true in Kubernetes)`;
  return [{ ...about, ok: false, found: `${on}, read-only`, cure }];
}

function checkSpace({ profile, name, path, space }: Place): Check {
  const about = { profile, check: `${name} space` };
  if (typeof space === 'string') return unseen(profile, about.check, `${path}: ${space}`, `df -h ${shellLine([path])}`);
  const verdict = judgeSpace(space);
  const found = tellSpace(space);
  if (verdict === 'enough') return { ...about, ok: true, found, cure: null };
  const cure = `remove files, or make the file system of ${path} larger`;
  if (verdict === 'full') return { ...about, ok: false, found: `full: ${found}`, cure };
  return { ...about, ok: null, warning: true, found: `nearly full: ${found}`, cure };
}

function checkLocks({ profile, name, mount }: Place): Check {
  const about = { profile, check: `${name} locks` };
  const why = whyLocksMayFail(mount);
  if (why === undefined) return { ...about, ok: true, found: `${mount.type} keeps them`, cure: null };
  const cure = 'keep homes on a local disk, or make sure that the programs of one machine only use this home';
  return { ...about, ok: null, warning: true, found: why, cure };
}

function checkFiles(homes: readonly Place[], mounts: readonly Mount[]): Check[] {
  const checks = homes.flatMap(({ profile, path }) =>
    mountedFiles(path, mounts).map(({ mountPoint }) => ({
      profile,
      check: 'mounted files',
      ok: false,
      found: `${mountPoint} is a mount point: it cannot be replaced, and what belongs to it is on another volume`,
      cure: `mount the directory ${path}, not the file`,
    })),
  );
  if (checks.length > 0 || homes.length === 0) return checks;
  return [{ profile: null, check: 'mounted files', ok: true, found: 'none of those that are replaced', cure: null }];
}

function unseen(profile: string | null, check: string, reason: string, cure: string | null): Check {
  return { profile, check, ok: null, found: `cannot be looked at: ${reason}`, cure };
}

function isCheck(place: Place | Check): place is Check {
  return 'check' in place;
}

function tellMount({ type, source, mountPoint }: Mount): string {
  return `${type} (${source}) mounted at ${mountPoint}`;
}
