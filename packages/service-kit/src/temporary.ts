/**
 * What keeps a program from starting, or from writing, and passes without a change of its configuration: codes of
 * system calls, of the resolver and of Node. Not among them: EACCES, EPERM, EROFS, ENOENT and the like, where a person has
 * to change something.
 */
const PASSING_CODES: ReadonlySet<string> = new Set([
  // Addresses and names: another program ends, a network interface comes up, a resolver answers again.
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  // Disks and volumes: room is made, a device or server is back.
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'ESTALE',
  'ENOLCK',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'ENOTCONN',
  // Limited resources of the machine.
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EAGAIN',
  'EBUSY',
  'ERR_WORKER_INIT_FAILED',
]);

/** The same for SQLite's primary result codes: BUSY, LOCKED, NOMEM, IOERR, FULL and PROTOCOL (a race for a lock). */
const PASSING_RESULTS: ReadonlySet<number> = new Set([5, 6, 7, 10, 13, 15]);

/** Errors are wrapped a few times at most. */
const MAX_CAUSES = 5;

/**
 * Whether `error` is about something that passes by itself, so that trying again is all it takes. An error that
 * says itself which it is (`temporary`) is believed; for any other its own code or that of a cause decides.
 */
export function isTemporary(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Object; depth += 1) {
    const { temporary, errcode, code, cause } = current as Fields;
    if (typeof temporary === 'boolean') return temporary;
    if (typeof errcode === 'number') return PASSING_RESULTS.has(errcode & 0xff);
    if (typeof code === 'string' && PASSING_CODES.has(code)) return true;
    current = cause;
  }
  return false;
}

interface Fields {
  readonly temporary?: unknown;
  /** Of SQLite, the primary result in its lowest byte. */
  readonly errcode?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}
