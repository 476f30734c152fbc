import { join } from 'node:path';
import { type HomeOptions, resolveHome } from '../home.ts';
import { DEFAULT_PROFILE } from './name.pure.ts';

/** Name of the file that marks a directory as a profile. */
export const PROFILE_MARK_FILENAME = 'SOUL.md';

/** Absolute path of the directory under the root home in which every profile but the default one has its home. */
export function profilesDirectory(options: HomeOptions = {}): string {
  return join(resolveHome(options), 'profiles');
}

/** Absolute path of the home of the profile `name`, whether or not there is one: the root home for the default profile. */
export function profileHome(name: string, options: HomeOptions = {}): string {
  return name === DEFAULT_PROFILE ? resolveHome(options) : join(profilesDirectory(options), name);
}
