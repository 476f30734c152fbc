import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type HomeOptions, resolveHome } from '../home.ts';
import { DEFAULT_PROFILE, isProfileName, MAX_PROFILE_NAME_LENGTH } from './name.pure.ts';
import { PROFILE_MARK_FILENAME, profilesDirectory } from './path.ts';

/** A gateway with its own home directory. */
export interface Profile {
  /** `default` for the root home itself. */
  readonly name: string;
  /** Absolute path. */
  readonly home: string;
}

/** An entry in the place of a profile that is not a valid profile, and the reason. */
export interface UnusableProfile {
  /** Name of what is there; bytes that are not ASCII stand for themselves in Latin-1. */
  readonly name: string;
  /** Always undefined: it has no home. */
  readonly home?: undefined;
  /** Why it is not a valid profile, as text. */
  readonly reason: string;
}

/**
 * Looks at every profile of the root home, `default` first, the others by name. What is in the place of a profile but
 * cannot be one comes with the reason; directories without a `SOUL.md` are left out. Never throws, never follows
 * a link below the home.
 */
export function inspectProfiles(options: HomeOptions = {}): (Profile | UnusableProfile)[] {
  const root = { name: DEFAULT_PROFILE, home: resolveHome(options) };
  return [root, ...inspectDirectory(profilesDirectory(options))];
}

/** Whether the directory `home`, which is not the root home, is that of a profile. Never throws. */
export function isProfileHome(home: string): boolean {
  return [join(home, '..'), home].every(isDirectory) && isRegular(look(join(home, PROFILE_MARK_FILENAME)));
}

function inspectDirectory(directory: string): (Profile | UnusableProfile)[] {
  const stat = look(directory);
  if (stat === undefined) return [];
  if (typeof stat === 'string') return [{ name: 'profiles', reason: `unreadable (${stat})` }];
  if (!stat.isDirectory()) return [{ name: 'profiles', reason: 'not a directory' }];
  try {
    const entries = readdirSync(directory, { withFileTypes: true, encoding: 'buffer' });
    return entries
      .map((entry) => inspectEntry(directory, entry))
      .filter((found) => found !== undefined)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    return [{ name: 'profiles', reason: `unreadable (${errnoOf(error)})` }];
  }
}

function inspectEntry(directory: string, entry: Dirent<Buffer>): Profile | UnusableProfile | undefined {
  const name = entry.name.toString('latin1');
  if (entry.isSymbolicLink()) return { name, reason: 'is a link' };
  if (!entry.isDirectory()) return undefined;
  // A name that is not ASCII may not survive decoding; whether it holds the mark is asked by its bytes.
  const mark = look(
    Buffer.concat([Buffer.from(`${directory}/`), entry.name, Buffer.from(`/${PROFILE_MARK_FILENAME}`)]),
  );
  if (mark === undefined) return undefined;
  const reason = problemOf(name, mark);
  return reason === undefined ? { name, home: join(directory, name) } : { name, reason };
}

function problemOf(name: string, mark: Exclude<ReturnType<typeof look>, undefined>): string | undefined {
  if (typeof mark === 'string') return `unreadable (${mark})`;
  if (!isProfileName(name))
    return `bad name: lower-case letters, digits, "-" and "_", at most ${MAX_PROFILE_NAME_LENGTH}`;
  if (name === DEFAULT_PROFILE) return 'the name is reserved for the profile of the home itself';
  return isRegular(mark) ? undefined : `${PROFILE_MARK_FILENAME} is not a regular file`;
}

function isRegular(stat: ReturnType<typeof look>): boolean {
  return typeof stat === 'object' && stat.isFile();
}

function isDirectory(path: string): boolean {
  const stat = look(path);
  return typeof stat === 'object' && stat.isDirectory();
}

/** `undefined` if there is nothing, the errno name if it cannot be determined. */
function look(path: string | Buffer) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const errno = errnoOf(error);
    return errno === 'ENOTDIR' ? undefined : errno;
  }
}

function errnoOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
