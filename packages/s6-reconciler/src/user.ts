import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { ServiceError } from '@hermes/drain-contract';
import { errnoOf } from './errors.ts';

/** An account by its numbers. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** How long `test` may take, in ms. */
const TEST_MS = 5_000;

const NUMBERS = /^(\d{1,10}):(\d{1,10})$/;

/**
 * The unprivileged user that a root supervisor's gateways drop to: `NAME`, looked up in /etc/passwd, or `UID:GID`.
 * `undefined` when this process is not root, or is asked for root: then there is nothing to drop.
 * @throws ServiceError `invalid_argument`.
 */
export function userToDropTo(name: string, passwd = '/etc/passwd'): User | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const user = parseNumbers(name) ?? lookUp(name, passwd);
  if (user === undefined) {
    throw new ServiceError(
      'invalid_argument',
      `no user ${JSON.stringify(name)} in ${passwd}: create it, or name another with --user or HERMES_USER: NAME or UID:GID, 0:0 for root itself`,
    );
  }
  return user.uid === 0 ? undefined : user;
}

function parseNumbers(text: string): User | undefined {
  const match = NUMBERS.exec(text);
  return match ? { uid: Number(match[1]), gid: Number(match[2]) } : undefined;
}

/** The first of these names that is an unprivileged account of this machine; `undefined` when none is, or none can be read. */
export function unprivilegedAccount(
  names: readonly (string | undefined)[],
  passwd = '/etc/passwd',
): string | undefined {
  try {
    return names.find((name) => name !== undefined && (lookUp(name, passwd)?.uid ?? 0) !== 0);
  } catch {
    return undefined;
  }
}

function lookUp(name: string, passwd: string): User | undefined {
  for (const line of readFileSync(passwd, 'utf8').split('\n')) {
    const [account, , uid, gid] = line.split(':');
    if (account === name && uid !== undefined && gid !== undefined) return parseNumbers(`${uid}:${gid}`);
  }
  return undefined;
}

/**
 * Does `task` with the rights of `user` alone, so that nothing on a volume which that user can write, link or race
 * is done as root. The task must be synchronous: identity belongs to the whole process.
 */
export function asUser<T>(user: User | undefined, task: () => T): T {
  if (user === undefined) return task();
  const restore = become(user);
  try {
    return task();
  } finally {
    restore();
  }
}

/** As {@link asUser}, for a command that does one thing at a time. */
export async function asUserAsync<T>(user: User | undefined, task: () => Promise<T>): Promise<T> {
  if (user === undefined) return task();
  const restore = become(user);
  try {
    return await task();
  } finally {
    restore();
  }
}

/**
 * As `accessSync`, for the effective user: that call asks about the real one, which {@link asUser} does not change.
 * @throws the error of the system; one without an errno name where the `test` command cannot say.
 */
export function requireAccess(path: string, rights: 'rw' | 'rwx'): void {
  accessSync(
    path,
    rights === 'rw' ? constants.R_OK | constants.W_OK : constants.R_OK | constants.W_OK | constants.X_OK,
  );
  if (process.getuid?.() === process.geteuid?.()) return;
  for (const right of rights) {
    const options = { cwd: '/', stdio: 'ignore', timeout: TEST_MS } as const;
    const { status, signal, error } = spawnSync('test', [`-${right}`, path], options);
    if (status === 0) continue;
    if (status === 1) throw Object.assign(new Error(`EACCES: permission denied, access '${path}'`), { code: 'EACCES' });
    const reason = error === undefined ? `ended with ${status ?? signal}` : `cannot be run (${errnoOf(error)})`;
    throw new Error(`the rights cannot be determined: test -${right} ${path} ${reason}`);
  }
}

function become(user: User): () => void {
  const { setgroups, getgroups, setegid, seteuid, getegid } = process;
  if (!setgroups || !getgroups || !setegid || !seteuid || !getegid)
    throw new ServiceError('failed', 'expected a system with user ids; found none: run hermes-s6 on Linux');
  const groups = getgroups();
  const gid = getegid();
  setgroups([user.gid]);
  setegid(user.gid);
  seteuid(user.uid);
  return () => {
    seteuid(0);
    setegid(gid);
    setgroups(groups);
  };
}
