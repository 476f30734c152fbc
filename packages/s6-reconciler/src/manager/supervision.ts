import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { findProfile, listProfiles, type Profile, ServiceError } from '@hermes/drain-contract';
import { requireRootsOwn } from '../roots-own.ts';
import { isSupervisedName, MAX_SUPERVISED_NAME_LENGTH, slotName } from '../slot/name.ts';
import { isOfAnotherHome } from '../slot/owner.ts';
import { isScanned, isSupervised } from '../slot/probe.ts';
import { asUser, type User } from '../user.ts';
import { pasteable } from './paste.ts';

/** The location and the user of the gateways, with all defaults applied. */
export interface Supervision {
  readonly home: string;
  readonly scandir: string;
  readonly command: string;
  readonly user: User | undefined;
  readonly startTimeoutMs: number;
}

/** Absolute path of the slot of `profile`. @throws ServiceError `invalid_argument` for what cannot be a profile's name. */
export function slotPath({ scandir }: Supervision, profile: string): string {
  if (!isSupervisedName(profile)) {
    throw new ServiceError(
      'invalid_argument',
      `bad profile name ${JSON.stringify(profile.slice(0, 60))}: expected lower-case letters, digits, "-" and "_", at most ${MAX_SUPERVISED_NAME_LENGTH}, beginning with a letter or digit`,
    );
  }
  return join(scandir, slotName(profile));
}

/** Whether the profile exists. */
export function hasProfile({ home, user }: Supervision, name: string): boolean {
  return asUser(user, () => listProfiles({ home })).some((profile) => profile.name === name);
}

/** @throws ServiceError `not_registered` when the profile does not exist. */
export function requireProfile({ home, user }: Supervision, name: string): Profile {
  try {
    return asUser(user, () => findProfile(name, { home }));
  } catch (error) {
    throw new ServiceError('not_registered', (error as Error).message, { cause: error });
  }
}

/** Absolute path of the slot of `profile`, which is there. @throws ServiceError `not_registered`. */
export function requireSlot(supervision: Supervision, profile: string): string {
  const slot = slotPath(supervision, profile);
  requireRootsOwn(supervision.scandir);
  if (lstatSync(slot, { throwIfNoEntry: false })?.isDirectory()) {
    requireOwn(supervision, profile, slot);
    return slot;
  }
  throw new ServiceError(
    'not_registered',
    `no such gateway '${profile}': nothing at ${slot}; to make it: ${pasteable(supervision, 'register', profile)}`,
  );
}

/** @throws ServiceError when the slot runs a gateway of the same name from another home. */
export function requireOwn({ home }: Supervision, profile: string, slot: string): void {
  if (!isOfAnotherHome(slot, home)) return;
  throw new ServiceError(
    'not_registered',
    `the slot ${slot} is that of a gateway '${profile}' of another home than ${home}: name that one with --home, or HERMES_HOME`,
  );
}

/** As {@link requireSlot}, and an s6-supervise runs in it. @throws ServiceError `not_registered` or `unavailable`. */
export function requireSupervised(supervision: Supervision, profile: string): string {
  const slot = requireSlot(supervision, profile);
  if (isSupervised(slot)) return slot;
  requireScanned(supervision);
  throw new ServiceError(
    'unavailable',
    `gateway '${profile}' is not supervised: s6-svscan has not found it yet; run: s6-svscanctl -a ${supervision.scandir}`,
  );
}

/** For when the s6-supervise of a slot ends while something is asked of it. */
export function supervisorEnded(slot: string): ServiceError {
  return new ServiceError(
    'unavailable',
    `the supervisor of ${slot} has exited meanwhile; another command may have unregistered it`,
  );
}

/** @throws ServiceError `unavailable` when no s6-svscan watches the scan directory. */
export function requireScanned({ scandir }: Supervision): void {
  if (isScanned(scandir)) return;
  throw new ServiceError(
    'unavailable',
    `no s6-svscan watches ${scandir}: start one, or name another scan directory with --scandir or S6_PROFILE_GATEWAY_SCANDIR`,
  );
}
