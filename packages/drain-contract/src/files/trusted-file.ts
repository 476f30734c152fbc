import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';

/** Opening never blocks on a FIFO and never acquires a controlling terminal. */
const NEVER_WAIT = constants.O_NONBLOCK | constants.O_NOCTTY;

/** Flags to open a file in a directory that others may write: never follows a link, never blocks on a FIFO. */
export const UNTRUSTED_PLACE = constants.O_NOFOLLOW | NEVER_WAIT;

/** The requirements for a file with a secret. */
export interface TrustRules {
  /** Whether the path may be a symbolic link: where a person named it, but not where others may have put it. */
  readonly followLinks: boolean;
  /** User ids that may own the file; any, when left out. */
  readonly owners?: readonly (number | undefined)[];
  /** Permission bits that must not be set. */
  readonly forbiddenMode: (stat: Pick<Stats, 'uid'>) => number;
  /** The largest size, in bytes. */
  readonly maxBytes: number;
}

/** The fault of a file that must not be used. */
export type Distrust = 'link' | 'kind' | 'owner' | 'access' | 'size';

/** A file that does not meet the requirements; the message has the reason, in words that follow its name. */
export class UntrustedFileError extends Error {
  /** The fault, for programs. */
  readonly distrust: Distrust;

  constructor(distrust: Distrust, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UntrustedFileError';
    this.distrust = distrust;
  }
}

/** A file that was read whole. */
export interface TrustedFile {
  /** Its text, as it is. */
  readonly text: string;
  /** User id of its owner. */
  readonly owner: number;
}

/** The text of the file at `path`, checked and read through one descriptor. @throws UntrustedFileError, or the error of the system. */
export function readTrustedFile(path: string, rules: TrustRules): TrustedFile {
  const fd = open(path, rules.followLinks);
  try {
    const stat = fstatSync(fd);
    requireTrusted(stat, rules);
    return { text: readFileSync(fd, 'utf8'), owner: stat.uid };
  } finally {
    closeSync(fd);
  }
}

function open(path: string, followLinks: boolean): number {
  try {
    return openSync(path, constants.O_RDONLY | (followLinks ? NEVER_WAIT : UNTRUSTED_PLACE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    throw new UntrustedFileError('link', 'it is a symbolic link', { cause: error });
  }
}

function requireTrusted(stat: Stats, { owners, forbiddenMode, maxBytes }: TrustRules): void {
  if (!stat.isFile()) throw new UntrustedFileError('kind', 'it is not a regular file');
  if (owners && !owners.includes(stat.uid)) {
    const expected = owners.includes(0) ? 'neither to this user nor to root' : 'not to this user';
    throw new UntrustedFileError('owner', `it belongs to user id ${stat.uid}, ${expected}`);
  }
  if ((stat.mode & forbiddenMode(stat)) !== 0) {
    throw new UntrustedFileError('access', 'other users have access to it');
  }
  if (stat.size > maxBytes) throw new UntrustedFileError('size', `it is too large: it has more than ${maxBytes} bytes`);
}
