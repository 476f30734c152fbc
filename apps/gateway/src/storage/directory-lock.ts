import { spawnSync } from 'node:child_process';

/** It does not wait for the lock; this bounds a file system that hangs. */
const TIMEOUT_MS = 10_000;

/** Where the child finds the descriptor: behind stdin, stdout and stderr. */
const CHILD_DESCRIPTOR = '3';

/** With this and no word of complaint, `flock` says that another process has the lock. */
const BUSY = 1;

export type DirectoryLock =
  | { readonly kind: 'locked' | 'busy' }
  /** There is no such lock here. */
  | { readonly kind: 'unsupported'; readonly reason: string };

/**
 * Takes the lock of a directory that this process has open, without waiting, until the descriptor is closed or the
 * process ends: nothing in the directory can be deleted to break it. Node has no flock(2). The `flock` command locks
 * the open directory that it shares with this process, which keeps the lock when the command has ended. Node opens
 * every descriptor so that no other child gets it: an agent that outlives its gateway does not keep the lock.
 * @throws Error when it cannot be found out whether another process has the lock.
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
