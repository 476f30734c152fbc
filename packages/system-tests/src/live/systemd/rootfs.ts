import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE } from '../built-image/podman.ts';

/** What a machine has that runs our programs: systemd, the rule of the dashboard, and a manager for each user. */
const PACKAGES = ['systemd', 'systemd-sysv', 'dbus', 'polkitd', 'libpam-systemd', 'bubblewrap'];
const ARCHIVE = join(CACHE, 'systemd-bookworm.tar');
const TIMEOUT_MS = 900_000;

/** A Debian with systemd, as a tar; made once, and kept for later runs. */
export async function debianWithSystemd(): Promise<string> {
  if (existsSync(ARCHIVE)) return ARCHIVE;
  mkdirSync(CACHE, { recursive: true });
  // Another run may make it, too.
  const made = join(CACHE, `systemd-bookworm-${process.pid}.tar`);
  try {
    const words = ['--quiet', '--variant=minbase', `--include=${PACKAGES.join(',')}`, 'bookworm', made];
    await promisify(execFile)('mmdebstrap', words, { timeout: TIMEOUT_MS });
    renameSync(made, ARCHIVE);
  } finally {
    rmSync(made, { force: true });
  }
  return ARCHIVE;
}
