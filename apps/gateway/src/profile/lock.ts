import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { resolveHome } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { LockFile } from '../storage/lock-file.ts';

const LOCK_FILENAME = '.profiles.lock';
const TIMEOUT_MS = 10_000;

/** The staging directory of profiles that are created or deleted. */
const LEFTOVER = /^\.(new|deleted)-profile-/;

/**
 * Makes this process the only one that creates or deletes profiles of the root home, and removes the remains of an
 * interrupted one. The kernel releases the lock at the end of the process. @throws StartupError.
 */
export function lockProfiles(): Disposable {
  const root = resolveHome();
  const path = join(root, LOCK_FILENAME);
  try {
    mkdirSync(root, { recursive: true, mode: 0o755 });
    const lock = new LockFile(path, TIMEOUT_MS);
    for (const name of readdirSync(root)) {
      if (LEFTOVER.test(name)) rmSync(join(root, name), { recursive: true, force: true });
    }
    return lock;
  } catch (error) {
    throw new StartupError(`cannot change the profiles of ${root} (lock ${path}): ${(error as Error).message}`, {
      cause: error,
    });
  }
}
