import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_PROFILE,
  desiredStatePath,
  isProfileName,
  MAX_PROFILE_NAME_LENGTH,
  readDesiredState,
  readRestartPolicyView,
} from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';
import { MAX_SUPERVISED_NAME_LENGTH } from '../slot/name.ts';
import type { DesiredStateSnapshot, ProfileSnapshot, Snapshot } from './snapshot.ts';
import { stopSecondsOf } from './stop-seconds.ts';

/**
 * Looks at every profile of the root home, `default` first, the others by name. What is in the place of a profile but
 * cannot be one is told with the reason; directories without a `SOUL.md` are nothing to us. Never throws, never follows
 * a link below the home.
 */
export function readHome(root: string): Snapshot[] {
  return [readProfile(DEFAULT_PROFILE, root), ...readNamedProfiles(join(root, 'profiles'))];
}

function readNamedProfiles(directory: string): Snapshot[] {
  const stat = look(directory);
  if (stat === undefined) return [];
  if (typeof stat === 'string') return [unusable('profiles', `unreadable (${stat})`)];
  if (!stat.isDirectory()) return [unusable('profiles', 'not a directory')];
  try {
    const entries = readdirSync(directory, { withFileTypes: true, encoding: 'buffer' });
    return entries
      .map((entry) => readEntry(directory, entry))
      .filter((snapshot) => snapshot !== undefined)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    return [unusable('profiles', `unreadable (${errnoOf(error)})`)];
  }
}

function readEntry(directory: string, entry: Dirent<Buffer>): Snapshot | undefined {
  const name = entry.name.toString('latin1');
  const home = join(directory, entry.name.toString('utf8'));
  if (entry.isSymbolicLink()) return unusable(name, 'is a link');
  if (!entry.isDirectory()) return undefined;
  // A name that is not ASCII may not survive decoding; whether it holds a SOUL.md is asked by its bytes.
  const soul = look(Buffer.concat([Buffer.from(`${directory}/`), entry.name, Buffer.from('/SOUL.md')]));
  if (soul === undefined) return undefined;
  const problem = problemOf(name, soul);
  return problem === undefined ? readProfile(name, home) : unusable(name, problem);
}

function problemOf(name: string, soul: Exclude<ReturnType<typeof look>, undefined>): string | undefined {
  if (typeof soul === 'string') return `unreadable (${soul})`;
  if (!isProfileName(name))
    return `bad name: lower-case letters, digits, "-" and "_", at most ${MAX_PROFILE_NAME_LENGTH}`;
  if (name === DEFAULT_PROFILE) return 'the name is reserved for the profile of the home itself';
  if (name.length > MAX_SUPERVISED_NAME_LENGTH)
    return `name too long for a service: at most ${MAX_SUPERVISED_NAME_LENGTH}`;
  return soul.isFile() ? undefined : 'SOUL.md is not a regular file';
}

function readProfile(name: string, home: string): ProfileSnapshot {
  const state = readRestartPolicyView({ home });
  return {
    kind: 'profile',
    name,
    home,
    desired: readDesired(home),
    observedState: state?.gateway_state ?? undefined,
    legacyDesired: state?.desired_state ?? undefined,
    stopSeconds: stopSecondsOf(state),
  };
}

function readDesired(home: string): DesiredStateSnapshot {
  // Often there is none, and to be told so by an error takes several times as long.
  if (look(desiredStatePath({ home })) === undefined) return undefined;
  return readDesiredState({ home })?.desired_state ?? 'unclear';
}

function unusable(name: string, reason: string): Snapshot {
  return { kind: 'unusable', name, reason };
}

/** `undefined` if there is nothing, the errno name if it cannot be told. */
function look(path: string | Buffer) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const errno = errnoOf(error) ?? 'unknown';
    return errno === 'ENOTDIR' ? undefined : errno;
  }
}
