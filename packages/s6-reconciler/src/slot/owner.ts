import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PROFILE, profileHome } from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';
import { runsReferenceGateway, servesHome, servesHomeOfReference } from './definition.ts';
import { isSupervisedName } from './name.ts';

/** Whether the slot at `path` runs a gateway of another root home: two homes may have profiles of the same name. */
export function isOfAnotherHome(path: string, rootHome: string): boolean {
  return isOfHome(path, rootHome) === false;
}

/** Whether the slot at `path` runs the gateway of `profile` in this root home, and there is no such profile. */
export function isOrphaned(path: string, profile: string, rootHome: string): boolean {
  if (profile === DEFAULT_PROFILE || !isSupervisedName(profile)) return false;
  return isOfHome(path, rootHome) === true && isGone(profileHome(profile, { home: rootHome }));
}

/** Whether the slot at `path` runs a gateway of the reference system. */
export function isOfReferenceSystem(path: string): boolean {
  try {
    return runsReferenceGateway(readFileSync(join(path, 'run'), 'utf8'));
  } catch {
    return false;
  }
}

/** `undefined` when there is nothing that could be run, or that this user may know of, or the script does not say. */
function isOfHome(path: string, rootHome: string): boolean | undefined {
  try {
    const text = readFileSync(join(path, 'run'), 'utf8');
    return runsReferenceGateway(text) ? servesHomeOfReference(text, rootHome) : servesHome(text, rootHome);
  } catch {
    return undefined;
  }
}

/** False when that cannot be seen. A home that is not mounted is not there itself. */
function isGone(home: string): boolean {
  try {
    lstatSync(home);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ENOENT' && isDirectory(join(home, '..'));
  }
}

function isDirectory(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
