import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { becomeOwner, resolveHome, ServiceError } from '@hermes/drain-contract';
import { errnoOf, slotError } from '../errors.ts';
import { requireRootsOwn } from '../roots-own.ts';
import { type User, userToDropTo } from '../user.ts';

/** The options that every command about slots has. */
export interface IdentityOptions {
  readonly home?: string;
  readonly scandir: string;
  /** The user that the gateways of a root supervisor run as. */
  readonly user: string;
}

/** The same, with absolute paths and the resolved user. */
export type Settled<T extends IdentityOptions> = Omit<T, 'home' | 'scandir' | 'user'> & {
  readonly home: string;
  readonly scandir: string;
  /** `undefined` if gateways keep the supervisor's user. */
  readonly user: User | undefined;
};

/**
 * Root on a scan directory of another user becomes that user for good: whatever root did there, its owner could turn
 * against root. Root that drops to no user works on a home of its own only. @throws ServiceError `not_permitted`.
 */
export function settleIdentity<T extends IdentityOptions>(options: T): Settled<T> {
  const scandir = resolve(options.scandir);
  const home = resolveHome(options);
  try {
    statSync(scandir);
    becomeOwner(scandir);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw slotError(`use the scan directory ${scandir}`, error);
    const none = `cannot use the scan directory ${scandir}: there is none. It is there where an s6-svscan runs; name yours with --scandir or S6_PROFILE_GATEWAY_SCANDIR`;
    throw new ServiceError('unavailable', none, { cause: error });
  }
  const user = userToDropTo(options.user);
  if (user === undefined) requireRootsOwn(home);
  return { ...options, home, scandir, user };
}
