import {
  DASHBOARD_TOKEN_FILENAME,
  DESIRED_STATE_FILENAME,
  GATEWAY_STATE_FILENAME,
  isProfileName,
  JOURNAL_FILENAME,
  MIGRATION_FILENAME,
  PROFILE_MARK_FILENAME,
} from '@hermes/drain-contract';
import { CONFIG_FILENAME, OWN_CONFIG_FILENAME } from '../config/config-file.ts';

/** The first entry of a backup: what is in it. */
export const MANIFEST_NAME = 'manifest.json';

/** The files of one profile, relative to its home. */
const PROFILE_FILES: ReadonlySet<string> = new Set([
  JOURNAL_FILENAME,
  CONFIG_FILENAME,
  OWN_CONFIG_FILENAME,
  PROFILE_MARK_FILENAME,
  DESIRED_STATE_FILENAME,
  GATEWAY_STATE_FILENAME,
  MIGRATION_FILENAME,
]);

/** The audit of the dashboard and its rotated files, relative to the root home; the newest first. */
export const AUDIT_FILES: readonly string[] = ['', '.1', '.2', '.3', '.4', '.5'].map(
  (end) => `logs/drain-audit.jsonl${end}`,
);

/** Whether a backup may contain `path`. Rejects absolute paths, `..` and every file that is not listed. */
export function isBackupPath(path: string): boolean {
  if (path === DASHBOARD_TOKEN_FILENAME || AUDIT_FILES.includes(path)) return true;
  const [directory, profile, ...rest] = path.split('/');
  if (directory !== 'profiles' || profile === undefined || rest.length === 0) return PROFILE_FILES.has(path);
  return isProfileName(profile) && PROFILE_FILES.has(rest.join('/'));
}
