import { join } from 'node:path';
import { DEFAULT_PROFILE, findProfile, formatIsoDateTime, listProfiles, resolveHome } from '@hermes/drain-contract';
import { BACKUP_FORMAT, type Manifest } from './manifest.ts';
import { type Staged, stageProfile } from './stage-files.ts';
import {
  makeStaging,
  place,
  removeLeftovers,
  removeStaging,
  requireTarget,
  type Target,
  targetError,
} from './target.ts';
import { writeArchive } from './write-archive.ts';

export interface BackupOptions extends Target {
  readonly profile: string;
  /** All profiles of the root home, instead of `profile`. */
  readonly allProfiles: boolean;
  readonly withSecrets: boolean;
  /** Of this program. */
  readonly version: string;
  readonly onProgress: (path: string, bytes: number) => void;
  /** Gets the function that removes what is not complete, for an end by a signal. */
  readonly onStaged: (remove: () => void) => void;
}

/**
 * Writes a backup while the gateways run: all that they have acknowledged before the call is in it. The file is written
 * whole or not at all. @throws StartupError or ContractError
 */
export async function backUp(options: BackupOptions): Promise<Manifest> {
  const profiles = options.allProfiles ? listProfiles() : [findProfile(options.profile)];
  let staging: string | undefined;
  try {
    requireTarget(options, resolveHome());
    removeLeftovers(options.file);
    const directory = makeStaging(options.file);
    staging = directory;
    options.onStaged(() => removeStaging(directory));
    const staged: Staged[] = [];
    for (const profile of profiles) {
      const prefix = profiles.length === 1 || profile.name === DEFAULT_PROFILE ? '' : `profiles/${profile.name}/`;
      staged.push(await stageProfile(profile, { ...options, staging: directory, prefix }));
    }
    const manifest = describe(staged, options);
    const archive = join(directory, 'archive');
    await writeArchive(archive, directory, manifest);
    place(archive, options);
    return manifest;
  } catch (error) {
    throw targetError(options.file, error);
  } finally {
    if (staging !== undefined) removeStaging(staging);
  }
}

function describe(staged: readonly Staged[], { version, withSecrets }: BackupOptions): Manifest {
  const schemas = staged.flatMap(({ schema }) => (schema === null ? [] : [schema]));
  return {
    format: BACKUP_FORMAT,
    created_at: formatIsoDateTime(Date.now()),
    version,
    journal_schema: schemas.length === 0 ? null : Math.max(...schemas),
    with_secrets: withSecrets,
    left_out: staged.flatMap(({ leftOut }) => leftOut),
    files: staged.flatMap(({ files }) => files),
  };
}
