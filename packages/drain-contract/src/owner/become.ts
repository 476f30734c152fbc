import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ContractError, fileError } from '../errors.ts';
import { resolveHome } from '../home.ts';
import { type Account, decideIdentity, type Identity } from './decide.ts';
import { lookAtPath } from './look.ts';

/**
 * Root in a directory of another user becomes that user for good, with that user's group alone: what root made there,
 * its owner could not use, and what root read or followed there, its owner could have planted. Call it before anything
 * in the directory is read. `HOME` and the working directory are then that directory, and `HERMES_HOME` is absolute.
 * Changes nothing for a process that is not root, and for root where only root can change what the path leads to.
 * @returns whether this process is now another user.
 * @throws ContractError `not_permitted` when a third user could exchange the directory, or this root may not change users.
 */
export function becomeOwner(directory: string): boolean {
  if (process.geteuid?.() !== 0) return false;
  const path = resolve(directory);
  const identity = identityIn(path);
  if (identity.kind === 'refuse') throw refusal(path, identity);
  if (identity.kind === 'stay') return false;
  change(path, identity.owner);
  return true;
}

/**
 * Holds where only root can change what `directory` leads to, and for every process that is not root.
 * @throws ContractError `not_permitted`.
 */
export function requireRootsOwn(directory: string): void {
  if (process.geteuid?.() !== 0) return;
  const path = resolve(directory);
  const identity = identityIn(path);
  if (identity.kind === 'refuse') throw refusal(path, identity);
  if (identity.kind === 'become') {
    const { uid } = identity.owner;
    throw refusal(path, { found: `it belongs to uid ${uid}`, cure: `run this as uid ${uid}` });
  }
}

function identityIn(path: string): Identity {
  try {
    return decideIdentity(lookAtPath(path));
  } catch (error) {
    throw fileError('look who owns', path, error);
  }
}

function change(path: string, owner: Account): void {
  // While the working directory and HOME that decide it are still those of the caller.
  const home = resolveHome();
  const gid = primaryGroup(owner.uid) ?? owner.gid;
  try {
    process.setgroups?.([gid]);
    process.setgid?.(gid);
    process.setuid?.(owner.uid);
  } catch (error) {
    const found = `it belongs to uid ${owner.uid}, which this process may not become (${(error as Error).message})`;
    throw refusal(path, { found, cure: `run this as uid ${owner.uid}` }, error);
  }
  leaveRootsPlaces(path, home);
}

/** What this process starts would show its working directory to the user (/proc/PID/cwd), and look for settings in HOME. */
function leaveRootsPlaces(path: string, home: string): void {
  process.env.HERMES_HOME = home;
  process.env.HOME = path;
  try {
    process.chdir(path);
  } catch {
    process.chdir('/');
  }
}

function refusal(path: string, { found, cure }: { found: string; cure: string }, cause?: unknown): ContractError {
  return new ContractError('not_permitted', `root does not work in ${path}: ${found}; ${cure}`, { cause });
}

/**
 * A directory gets its group from the one it is made in, which may be a group that its owner is no member of. So the
 * account's own group comes first; `undefined` for a user without an account, as in many containers.
 */
function primaryGroup(uid: number): number | undefined {
  try {
    for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
      const [, , user, group] = line.split(':');
      if (user === String(uid) && group !== undefined && /^\d+$/.test(group)) return Number(group);
    }
  } catch {
    // As without an account.
  }
  return undefined;
}
