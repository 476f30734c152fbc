import { ServiceError, type ServiceErrorKind } from '@hermes/drain-contract';

/** Errno name of a failed system call, or `undefined`. */
export function errnoOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

const REFUSALS = new Set(['EACCES', 'EPERM']);

/** The required change of the mounts or the space, by errno name. */
const CURES: Readonly<Record<string, readonly [ServiceErrorKind, string]>> = {
  EROFS: ['misconfigured', 'the file system is read-only; remount it for writing'],
  EBUSY: [
    'misconfigured',
    'expected a place that can be replaced, found one that is in use, as a mount point is; unmount it',
  ],
  EXDEV: ['misconfigured', 'expected one file system, found two; unmount what is mounted there'],
  ENOSPC: ['failed', 'the file system is full; free some space or inodes'],
  EDQUOT: ['failed', 'the quota is used up; free some space'],
};

/** `cause` (a Node system error) while doing `action`, as an error with a remedy. */
export function slotError(action: string, cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const errno = errnoOf(cause);
  if (errno === 'mount_point') return new ServiceError('misconfigured', (cause as Error).message, { cause });
  const known = errno === undefined ? undefined : CURES[errno];
  if (known) return new ServiceError(known[0], `cannot ${action}: ${known[1]} (${tellCause(cause)})`, { cause });
  if (errno === 'not_permitted') return new ServiceError('not_permitted', (cause as Error).message, { cause });
  if (errno !== undefined && REFUSALS.has(errno)) {
    const who = process.geteuid?.() ?? 'unknown';
    return new ServiceError(
      'not_permitted',
      `cannot ${action}: permission denied for uid ${who} (${errno}); run it as the owner, or give that user access`,
      { cause },
    );
  }
  return new ServiceError('failed', `cannot ${action}: ${tellCause(cause)}`, {
    cause,
  });
}

function tellCause(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
