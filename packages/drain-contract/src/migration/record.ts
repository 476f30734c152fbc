import { lstatSync } from 'node:fs';
import { ContractError } from '../errors.ts';
import { decodeJsonObject } from '../files/decode.pure.ts';
import { readSmallFile } from '../files/read.ts';
import { type HomeOptions, resolveHome } from '../home.ts';
import { gatewayStatePath } from '../state/path.ts';
import { isStateOfReference } from '../state/reference.pure.ts';

/** Name of the file in a home that says that a gateway of ours has taken the home over from the reference system. */
export const MIGRATION_FILENAME = '.migration.json';

/** What the file says. */
export interface Migration {
  /** ISO 8601. */
  readonly migrated_at: string;
  /** The state file of the reference system's gateway, for the way back: ours writes only its own fields. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** Absolute path of the record of a migration. Touches no file. */
export function migrationPath(options: HomeOptions = {}): string {
  return `${resolveHome(options)}/${MIGRATION_FILENAME}`;
}

/**
 * Whether the home was migrated and has not gone back. A record that cannot be understood counts.
 * @throws ContractError `unavailable` if the system does not let it be known.
 */
export function isMigrated(options: HomeOptions = {}): boolean {
  const path = migrationPath(options);
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return false;
    throw new ContractError('unavailable', `cannot look whether the home was migrated: ${path} (${code})`);
  }
}

/** Whether a gateway of the reference system was the last to write the state file of the home. Never throws. */
export function isServedByReference(options: HomeOptions = {}): boolean {
  const sighting = readSmallFile(gatewayStatePath(options));
  const body = sighting.kind === 'bytes' ? decodeJsonObject(sighting.bytes) : undefined;
  return body !== undefined && isStateOfReference(body);
}

/** The fields of the reference system's state file at the migration; none when they are not known. Never throws. */
export function readMigratedState(options: HomeOptions = {}): Migration['state'] {
  const sighting = readSmallFile(migrationPath(options));
  const state = sighting.kind === 'bytes' ? decodeJsonObject(sighting.bytes)?.['state'] : undefined;
  return typeof state === 'object' && state !== null && !Array.isArray(state) ? (state as Migration['state']) : {};
}
