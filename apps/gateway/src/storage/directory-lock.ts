import { spawnSync } from 'node:child_process';

/** Timeout for a file system that hangs; the command itself does not wait for the lock. */
const TIMEOUT_MS = 10_000;

/** The descriptor number in the child: after stdin, stdout and stderr. */
const CHILD_DESCRIPTOR = '3';

/** With this exit code and an empty stderr, `flock` reports that another process has the lock. */
const BUSY = 1;

export type DirectoryLock =
  | { readonly kind: 'locked' | 'busy' }
  /** The file system does not support the lock. */
  | { readonly kind: 'unsupported'; readonly reason: string };

/**
 * Locks a directory that this process has open, without waiting, until the descriptor is closed or the process ends.
 * Deleting files in the directory cannot break the lock. Node has no flock(2), so the `flock` command locks the open
 * directory that it shares with this process, which keeps the lock after the command has ended. No other child inherits
 * the descriptor, because Node opens all with close-on-exec: an agent that outlives its gateway does not keep the lock.
 * @throws Error when the state of the lock is unknown.
 */
export function lockDirectory(descriptor: number): DirectoryLock {
  const { status, stderr, error } = spawnSync('flock', ['-x', '-n', CHILD_DESCRIPTOR], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
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
