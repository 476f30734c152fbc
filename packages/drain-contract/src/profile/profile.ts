import { statSync } from 'node:fs';
import { ContractError } from '../errors.ts';
import type { HomeOptions } from '../home.ts';
import { shownText } from '../text.pure.ts';
import { inspectProfiles, isProfileHome, type Profile } from './inspect.ts';
import { DEFAULT_PROFILE, isProfileName, MAX_PROFILE_NAME_LENGTH } from './name.pure.ts';
import { PROFILE_MARK_FILENAME, profileHome } from './path.ts';

/**
 * The profile called `name` under the root home. A profile directory has a `SOUL.md` and is not a link.
 * @throws ContractError `invalid_argument`, `profile_unknown`, or `home_missing`.
 */
export function findProfile(name: string, options: HomeOptions = {}): Profile {
  if (!isProfileName(name)) {
    const shown = JSON.stringify(shownText(name, 60));
    const rule = `lower-case letters, digits, "-" and "_", at most ${MAX_PROFILE_NAME_LENGTH}, beginning with a letter or digit`;
    throw new ContractError('invalid_argument', `bad profile name ${shown}: expected ${rule}`);
  }
  const home = profileHome(name, options);
  if (name === DEFAULT_PROFILE) {
    if (isRootHome(home)) return { name, home };
    throw new ContractError(
      'home_missing',
      `no home directory ${home}: create it, or point HERMES_HOME at the right one`,
    );
  }
  if (isProfileHome(home)) return { name, home };
  throw new ContractError(
    'profile_unknown',
    `no profile "${name}": expected a directory ${home} with a ${PROFILE_MARK_FILENAME} in it`,
  );
}

/** Every profile under the root home, `default` first, the others by name. Never throws. */
export function listProfiles(options: HomeOptions = {}): Profile[] {
  return inspectProfiles(options).filter((found) => found.home !== undefined);
}

/** Only the root home, which the operator names, may be reached through a link. */
function isRootHome(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}
