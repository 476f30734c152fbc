import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ContractError } from '../errors.ts';
import { type HomeOptions, resolveHome } from '../home.ts';
import { shownText } from '../text.ts';
import { DEFAULT_PROFILE, isProfileName, MAX_PROFILE_NAME_LENGTH } from './name.ts';

/** A gateway with its own home directory. */
export interface Profile {
  /** `default` for the root home itself. */
  readonly name: string;
  /** Absolute path. */
  readonly home: string;
}

/**
 * The profile called `name` under the root home. A profile directory has a `SOUL.md` and is not a link.
 * @throws ContractError `invalid_argument`, `profile_unknown`, or `home_missing`.
 */
export function findProfile(name: string, options: HomeOptions = {}): Profile {
  const root = resolveHome(options);
  if (!isProfileName(name)) {
    const shown = JSON.stringify(shownText(name, 60));
    const rule = `lower-case letters, digits, "-" and "_", at most ${MAX_PROFILE_NAME_LENGTH}, beginning with a letter or digit`;
    throw new ContractError('invalid_argument', `bad profile name ${shown}: expected ${rule}`);
  }
  if (name === DEFAULT_PROFILE) {
    if (isRootHome(root)) return { name, home: root };
    throw new ContractError(
      'home_missing',
      `no home directory ${root}: create it, or point HERMES_HOME at the right one`,
    );
  }
  const home = join(root, 'profiles', name);
  if (isProfileHome(home)) return { name, home };
  throw new ContractError('profile_unknown', `no profile "${name}": expected a directory ${home} with a SOUL.md in it`);
}

/** Every profile under the root home, `default` first, the others by name. Never throws. */
export function listProfiles(options: HomeOptions = {}): Profile[] {
  const root = resolveHome(options);
  const directory = join(root, 'profiles');
  const named = profileNames(directory).map((name) => ({ name, home: join(directory, name) }));
  return [{ name: DEFAULT_PROFILE, home: root }, ...named.filter((profile) => hasSoul(profile.home))];
}

function profileNames(directory: string): string[] {
  try {
    if (!isDirectory(directory)) return [];
    const names = readdirSync(directory).filter((name) => isProfileName(name) && name !== DEFAULT_PROFILE);
    return names.sort();
  } catch {
    return [];
  }
}

function isProfileHome(home: string): boolean {
  return isDirectory(join(home, '..')) && hasSoul(home);
}

function hasSoul(home: string): boolean {
  return isDirectory(home) && look(lstatSync, join(home, 'SOUL.md'))?.isFile() === true;
}

/** Only the root home, which the operator names, may be reached through a link. */
function isRootHome(path: string): boolean {
  return look(statSync, path)?.isDirectory() === true;
}

function isDirectory(path: string): boolean {
  return look(lstatSync, path)?.isDirectory() === true;
}

function look(stat: typeof statSync, path: string) {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
