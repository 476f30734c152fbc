import { spawnSync } from 'node:child_process';

/** Timeout for a file system that hangs, beyond the wait for the lock, in ms. */
const TIMEOUT_MS = 10_000;

/** The descriptor number in the child: after stdin, stdout and stderr. */
const CHILD_DESCRIPTOR = '3';

/** With this exit code and an empty stderr, `flock` reports that another process has the lock. */
const BUSY = 1;

/** What came of an attempt to take a lock of flock(2). */
export type Flock =
  | { readonly kind: 'locked' | 'busy' }
  /** The file system or this machine does not support the lock. */
  | { readonly kind: 'unsupported'; readonly reason: string };

/** How to take it. */
export interface FlockOptions {
  /** Whole seconds to wait for another process. Default: 0. */
  readonly waitSeconds?: number;
}

/**
 * Locks what this process has open, with flock(2), until the descriptor is closed or the process ends. Node has no
 * flock(2), so the `flock` command locks the open file that it shares with this process, which keeps the lock after the
 * command has ended. No other child inherits the descriptor, because Node opens all with close-on-exec: an agent that
 * outlives its gateway does not keep the lock. Blocks this thread.
 * @throws Error when the state of the lock is unknown.
 */
export function lockDescriptor(descriptor: number, { waitSeconds = 0 }: FlockOptions = {}): Flock {
  const wait = waitSeconds === 0 ? ['-n'] : ['-w', String(waitSeconds)];
  return run('flock', ['-x', ...wait, CHILD_DESCRIPTOR], descriptor, waitSeconds);
}

/** Opens the file anew: the lock ends with the command, and not only when this process runs again. */
const PROBE = `exec 4</proc/self/fd/${CHILD_DESCRIPTOR} ${CHILD_DESCRIPTOR}<&-; exec flock -s -n 4`;

/**
 * Whether another process holds such a lock of what this process has open. Who tries to take it at that very moment, without
 * waiting, is refused: it is held for as short as can be. Blocks this thread. @throws Error when the state is unknown.
 */
export function probeLock(descriptor: number): Flock {
  return run('sh', ['-c', PROBE], descriptor, 0);
}

function run(command: string, words: readonly string[], descriptor: number, waitSeconds: number): Flock {
  const { status, stderr, error } = spawnSync(command, words, {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
    timeout: TIMEOUT_MS + waitSeconds * 1_000,
    killSignal: 'SIGKILL',
  });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') return { kind: 'unsupported', reason: 'the flock command is not installed' };
  if (error !== undefined) throw new Error(`the flock command cannot be run (${code}); retry`, { cause: error });
  if (status === 0) return { kind: 'locked' };
  const complaint = stderr.trim();
  if (status === BUSY && complaint === '') return { kind: 'busy' };
  if (status === null) throw new Error('the flock command was killed; retry');
  return { kind: 'unsupported', reason: complaint || `flock ended with exit code ${status}` };
}
