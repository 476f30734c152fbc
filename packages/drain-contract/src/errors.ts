/**
 * What can go wrong when a contract file is written or a profile is looked up.
 * Readers never throw these: they return a defined value instead.
 */
export type ContractErrorCode =
  /** An argument breaks the contract (a reason that is too long, a bad profile name). */
  | 'invalid_argument'
  /** The home directory does not exist. */
  | 'home_missing'
  /** There is no such profile under the home directory. */
  | 'profile_unknown'
  /** The volume refuses the write: missing permission, or mounted read-only. */
  | 'not_writable'
  /** The volume or its quota is full. */
  | 'no_space'
  /** Another kind of file is in the place of ours. */
  | 'not_a_file'
  /** Something is mounted over the file itself, or its place is on another file system: it cannot be replaced in one step. */
  | 'mount_point'
  /** The marker belongs to another request than the one named. */
  | 'request_mismatch'
  /** The drain in force was begun under another id than the one that the caller chose. */
  | 'request_held'
  /** Another process holds the lock that a change needs, and did not release it in time. Nothing was changed; retry. */
  | 'locked'
  /** A file cannot be read now, for a temporary reason: nothing was changed. */
  | 'unavailable'
  /** Root must not work in a directory that another user can replace, or may not become its owner. */
  | 'not_permitted'
  /** Any other failure of the file system. */
  | 'io';

/** An error that a caller can act on: `code` for programs, `message` for people. */
export class ContractError extends Error {
  /** The kind of the error, for programs. */
  readonly code: ContractErrorCode;

  constructor(code: ContractErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ContractError';
    this.code = code;
  }

  /** `false` for an error that lasts until an operator changes something; `undefined` where the cause decides. */
  get temporary(): false | undefined {
    return this.code === 'mount_point' ? false : undefined;
  }
}

const CURES: Record<string, readonly [ContractErrorCode, string]> = {
  ENOENT: ['home_missing', 'the directory does not exist; create it, or point HERMES_HOME at the right one'],
  ENOTDIR: ['home_missing', 'a part of the path is not a directory; point HERMES_HOME at the right one'],
  EACCES: ['not_writable', 'permission denied; give this user read and write access to the directory'],
  EPERM: ['not_writable', 'not permitted; give this user read and write access to the directory'],
  EROFS: ['not_writable', 'the volume is read-only; remount it for writing'],
  ENOSPC: ['no_space', 'the volume is full; free some space and try again'],
  EDQUOT: ['no_space', 'the quota is used up; free some space and try again'],
  EXDEV: [
    'mount_point',
    'it would have to move to another file system; mount one volume for the whole directory, not a part of it',
  ],
  EISDIR: ['not_a_file', 'a directory stands in its place; remove it and try again'],
  EMFILE: ['unavailable', 'this process has too many open files; close connections or raise its limit (ulimit -n)'],
  ENFILE: ['unavailable', 'this machine has too many open files; close some or raise fs.file-max'],
  ENOMEM: ['unavailable', 'no memory is left; free some and try again'],
  EAGAIN: ['unavailable', 'busy; try again'],
  EBUSY: ['unavailable', 'busy; try again'],
  EINTR: ['unavailable', 'interrupted; try again'],
  ESTALE: ['unavailable', 'the file server has replaced it; try again, or mount the volume anew'],
  ETIMEDOUT: ['unavailable', 'the file server does not answer; try again'],
};

/** `cause` (a Node system error) while doing `action` to `path`, as an error with a remedy. */
export function fileError(action: string, path: string, cause: unknown): ContractError {
  const errno = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const [code, cure] = CURES[errno] ?? ['io', 'unexpected failure of the file system'];
  return new ContractError(code, `cannot ${action} ${path}: ${cure} (${errno})`, { cause });
}

/** As {@link fileError} for a file at `path` that something is mounted over. */
export function mountPointError(action: string, path: string, cause: unknown): ContractError {
  const found = 'expected a file that can be replaced, found a mount point (EBUSY)';
  const cure = 'mount the directory that the file is in, not the file';
  return new ContractError('mount_point', `cannot ${action} ${path}: ${found}; ${cure}`, { cause });
}
