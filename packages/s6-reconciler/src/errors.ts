/** What can go wrong when gateways are supervised. */
export type S6ErrorCode =
  /** An argument is not understood: a bad profile name, an unknown user. */
  | 'invalid_argument'
  /** s6 is not installed, or no s6-svscan watches the scan directory. */
  | 'no_supervisor'
  /** There is no such profile, or it has no slot. */
  | 'no_such_gateway'
  /** The file system or s6 refuses: this user may not. */
  | 'not_permitted'
  /** A person has to change something of the machine first, such as what is mounted where. */
  | 'misconfigured'
  /** It did not happen in time; it may still happen. */
  | 'timeout'
  /** The gateway gave up: its finish script asked not to be started again. */
  | 'gateway-failed'
  /** Somebody else asked for the opposite meanwhile. */
  | 'overruled'
  /** s6-svscan supervises as many services as it may. */
  | 'limit'
  /** An examination found something to mend. */
  | 'unhealthy'
  /** Any other failure. */
  | 'failed';

/** An error that a caller can act on: `code` for programs, `message` for people. */
export class S6Error extends Error {
  /** What went wrong, for programs. */
  readonly code: S6ErrorCode;

  constructor(code: S6ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'S6Error';
    this.code = code;
  }
}

/** Errno name of a failed system call, or `undefined`. */
export function errnoOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

const REFUSALS = new Set(['EACCES', 'EPERM']);

/** What a person has to change of the mounts or the space, by errno name. */
const CURES: Readonly<Record<string, readonly [S6ErrorCode, string]>> = {
  EROFS: ['misconfigured', 'the file system is read-only; remount it for writing'],
  EBUSY: [
    'misconfigured',
    'expected a place that can be replaced, found one that is in use, as a mount point is; unmount it',
  ],
  EXDEV: ['misconfigured', 'expected one file system, found two; unmount what is mounted there'],
  ENOSPC: ['failed', 'the file system is full; free some space or inodes'],
  EDQUOT: ['failed', 'the quota is used up; free some space'],
};

/** `cause` (a Node system error) while doing `action`, told so that a person can act on it. */
export function slotError(action: string, cause: unknown): S6Error {
  if (cause instanceof S6Error) return cause;
  const errno = errnoOf(cause);
  if (errno === 'mount_point') return new S6Error('misconfigured', (cause as Error).message, { cause });
  const known = errno === undefined ? undefined : CURES[errno];
  if (known) return new S6Error(known[0], `cannot ${action}: ${known[1]} (${tellCause(cause)})`, { cause });
  if (errno === 'not_permitted') return new S6Error('not_permitted', (cause as Error).message, { cause });
  if (errno !== undefined && REFUSALS.has(errno)) {
    const who = process.geteuid?.() ?? 'unknown';
    return new S6Error(
      'not_permitted',
      `cannot ${action}: permission denied for uid ${who} (${errno}); run it as the owner, or give that user access`,
      { cause },
    );
  }
  return new S6Error('failed', `cannot ${action}: ${tellCause(cause)}`, {
    cause,
  });
}

function tellCause(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
