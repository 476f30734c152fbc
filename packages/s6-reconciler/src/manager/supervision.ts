import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { findProfile, listProfiles, type Profile } from '@hermes/drain-contract';
import { S6Error } from '../errors.ts';
import { requireRootsOwn } from '../roots-own.ts';
import { isSupervisedName, MAX_SUPERVISED_NAME_LENGTH, slotName } from '../slot/name.ts';
import { isOfAnotherHome } from '../slot/owner.ts';
import { isScanned, isSupervised } from '../slot/probe.ts';
import { asUser, type User } from '../user.ts';
import { pasteable } from './paste.ts';

/** Where the gateways are, and who runs them; every choice made. */
export interface Supervision {
  readonly home: string;
  readonly scandir: string;
  readonly command: string;
  readonly user: User | undefined;
  readonly startTimeoutMs: number;
}

/** Absolute path of the slot of `profile`. @throws S6Error `invalid_argument` for what cannot be a profile's name. */
export function slotPath({ scandir }: Supervision, profile: string): string {
  if (!isSupervisedName(profile)) {
    throw new S6Error(
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

/** @throws S6Error `no_such_gateway` when the profile does not exist. */
export function requireProfile({ home, user }: Supervision, name: string): Profile {
  try {
    return asUser(user, () => findProfile(name, { home }));
  } catch (error) {
    throw new S6Error('no_such_gateway', (error as Error).message, { cause: error });
  }
}

/** Absolute path of the slot of `profile`, which is there. @throws S6Error `no_such_gateway`. */
export function requireSlot(supervision: Supervision, profile: string): string {
  const slot = slotPath(supervision, profile);
  requireRootsOwn(supervision.scandir);
  if (lstatSync(slot, { throwIfNoEntry: false })?.isDirectory()) {
    requireOwn(supervision, profile, slot);
    return slot;
  }
  throw new S6Error(
    'no_such_gateway',
    `no such gateway '${profile}': nothing at ${slot}; to make it: ${pasteable(supervision, 'register', profile)}`,
  );
}

/** @throws S6Error when the slot runs a gateway of the same name from another home. */
export function requireOwn({ home }: Supervision, profile: string, slot: string): void {
  if (!isOfAnotherHome(slot, home)) return;
  throw new S6Error(
    'no_such_gateway',
    `the slot ${slot} is that of a gateway '${profile}' of another home than ${home}: name that one with --home, or HERMES_HOME`,
  );
}

/** As {@link requireSlot}, and an s6-supervise runs in it. @throws S6Error `no_such_gateway` or `no_supervisor`. */
export function requireSupervised(supervision: Supervision, profile: string): string {
  const slot = requireSlot(supervision, profile);
  if (isSupervised(slot)) return slot;
  requireScanned(supervision);
  throw new S6Error(
    'no_supervisor',
    `gateway '${profile}' is not supervised: s6-svscan has not taken it up; s6-svscanctl -a ${supervision.scandir} has it look again`,
  );
}

/** For when the s6-supervise of a slot ends while something is asked of it. */
export function supervisorEnded(slot: string): S6Error {
  return new S6Error(
    'no_supervisor',
    `the supervisor of ${slot} has ended meanwhile; somebody may have unregistered it`,
  );
}

/** @throws S6Error `no_supervisor` when no s6-svscan watches the scan directory. */
export function requireScanned({ scandir }: Supervision): void {
  if (isScanned(scandir)) return;
  throw new S6Error(
    'no_supervisor',
    `no s6-svscan watches ${scandir}: start one, or name another scan directory with --scandir or S6_PROFILE_GATEWAY_SCANDIR`,
  );
}
