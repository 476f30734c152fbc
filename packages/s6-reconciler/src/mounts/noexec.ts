import { realpathSync } from 'node:fs';
import { type Mount, mountOf, readMounts, ServiceError, shellLine } from '@hermes/drain-contract';

/** The mount that keeps programs below `place` from being started; `undefined` where there is none, or none can be seen. */
function noexecMountOf(place: string): Mount | undefined {
  try {
    const mount = mountOf(realpathSync(place), readMounts());
    return mount?.options.has('noexec') ? mount : undefined;
  } catch {
    // Without /proc it cannot be determined; then a failed start ends with its timeout.
    return undefined;
  }
}

/** What to do about a scan directory on a mount with `noexec`. */
export function cureOfNoexec({ mountPoint }: Mount): string {
  return `mount -o remount,exec ${shellLine([mountPoint])} (with Docker, --tmpfs ${mountPoint}:exec), or have s6-svscan watch a directory on another file system and name that with --scandir or S6_PROFILE_GATEWAY_SCANDIR`;
}

/** Why no gateway can be started from the scan directory or slot at `place`, with the cure; `undefined` if none is known. */
export function whyNoPrograms(place: string): string | undefined {
  const mount = noexecMountOf(place);
  if (mount === undefined) return undefined;
  const found = `expected a file system on which programs may be started, found ${mount.type} that is mounted at ${mount.mountPoint} with noexec`;
  return `s6-supervise cannot run anything in ${place}: ${found}; ${cureOfNoexec(mount)}`;
}

/** Call it before a wait that cannot succeed. @throws ServiceError `misconfigured`. */
export function requirePrograms(place: string, action: string): void {
  const why = whyNoPrograms(place);
  if (why !== undefined) throw new ServiceError('misconfigured', `cannot ${action}: ${why}`);
}
