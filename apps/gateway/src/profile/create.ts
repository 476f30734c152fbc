import { lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DEFAULT_PROFILE,
  fileError,
  isProfileName,
  PROFILE_MARK_FILENAME,
  type Profile,
  profileHome,
  profilesDirectory,
  resolveHome,
} from '@hermes/drain-contract';
import { MAX_SUPERVISED_NAME_LENGTH } from '@hermes/s6-reconciler';
import { StartupError } from '@hermes/service-kit';

/** The settings of a new profile. */
export interface NewProfile {
  /** Checked by {@link requireName}. */
  readonly name: string;
  /** TCP port of its gateway. */
  readonly port: number;
}

/**
 * Creates a profile in a staging directory, and renames that to its place, so that a partial profile never exists.
 * @throws StartupError or ContractError, with nothing changed.
 */
export function createProfile({ name, port }: NewProfile): Profile {
  const root = resolveHome();
  const home = profileHome(name, { home: root });
  const profiles = profilesDirectory({ home: root });
  try {
    mkdirSync(root, { recursive: true, mode: 0o755 });
    requireDirectory(profiles);
  } catch (error) {
    throw error instanceof StartupError ? error : fileError('make', home, error);
  }
  if (lstatSync(home, { throwIfNoEntry: false })) throw new StartupError(`${home} already exists: choose another name`);
  placeHome(home, { [PROFILE_MARK_FILENAME]: soul(name), 'config.yaml': config(port) });
  return { name, home };
}

/**
 * Makes the directory `home` with these files, for this user only, in a staging directory beside it, and renames that to
 * its place. @throws ContractError, with nothing changed.
 */
export function placeHome(home: string, files: Readonly<Record<string, string>>): void {
  let building: string | undefined;
  try {
    mkdirSync(dirname(home), { recursive: true, mode: 0o755 });
    // In the same directory, which may be on its own volume. A directory without a SOUL.md is not a profile.
    building = mkdtempSync(join(dirname(home), '.new-profile-'));
    const built = join(building, 'home');
    mkdirSync(built, { mode: 0o700 });
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(built, name), text, { mode: 0o600, flush: true });
    renameSync(built, home);
  } catch (error) {
    throw fileError('make', home, error);
  } finally {
    if (building) rmSync(building, { recursive: true, force: true });
  }
}

/** @throws StartupError for an invalid name of a new profile. */
export function requireName(name: string): void {
  if (name === DEFAULT_PROFILE) {
    throw new StartupError(
      `"${DEFAULT_PROFILE}" is the profile of the home itself and always exists: choose another name`,
    );
  }
  if (isProfileName(name) && name.length <= MAX_SUPERVISED_NAME_LENGTH) return;
  const shown = JSON.stringify(name.slice(0, 60));
  throw new StartupError(
    `bad profile name ${shown}: expected lower-case letters, digits, "-" and "_", at most ${MAX_SUPERVISED_NAME_LENGTH}, beginning with a letter or digit`,
  );
}

/** With a link there, every program that looks for profiles would read another directory. */
function requireDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  if (!lstatSync(path).isDirectory()) throw new StartupError(`${path} is not a directory; remove it`);
}

function soul(name: string): string {
  return `<!-- ${name}: who this agent is, in your words, sent to a model with each message. Comments are not sent. The file
marks this directory as a profile. -->
`;
}

function config(port: number): string {
  return `# Every key: docs/reference/configuration.md
api_server:
  port: ${port}
agent:
  kind: echo
`;
}
