import { spawnSync } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  /** Null when it was killed, by us after its time or by another. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs a command to its end, and keeps what it prints.
 * @param timeoutMs it is killed after this
 * @returns how it ended; a command that cannot be run ended with the reason on stderr
 */
export function run(
  command: string,
  words: readonly string[],
  { cwd, timeoutMs = 60_000 }: { readonly cwd: string; readonly timeoutMs?: number },
): Ended {
  const options = { cwd, timeout: timeoutMs, maxBuffer: MOST_OUTPUT_BYTES, encoding: 'utf8' } as const;
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    ...options,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error === undefined) return { status, stdout, stderr };
  const reason = 'code' in error && error.code === 'ETIMEDOUT' ? `no end after ${timeoutMs / 1000} s` : error.message;
  return { status: null, stdout: stdout ?? '', stderr: `${stderr ?? ''}${command}: ${reason}` };
}

/** The last lines of what a command said, for an error message. */
export function tail({ stdout, stderr }: Ended, lines = 20): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-lines).join('\n');
}
