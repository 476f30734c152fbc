import { execFile } from 'node:child_process';
import { ServiceError, type ServiceErrorKind } from '@hermes/drain-contract';
import type { Scope } from './unit/definition.ts';

/** How a command ended, and what it printed. */
export interface CommandResult {
  /** `null` when it did not end in time. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The manager that was asked. */
  readonly scope?: Scope;
}

/** For a question, and for a change of settings, which systemd answers at once. */
const TIMEOUT_MS = 30_000;

/**
 * Runs systemctl for the manager of the machine or of this user. The answer of one that failed is for
 * {@link systemctlError}. @throws ServiceError `unavailable` when there is no systemctl.
 */
export async function systemctl(
  scope: Scope,
  words: readonly string[],
  timeoutMs = TIMEOUT_MS,
): Promise<CommandResult> {
  const flags = [...(scope === 'user' ? ['--user'] : []), '--no-pager', '--no-ask-password'];
  return { ...(await runCommand('systemctl', [...flags, ...words], timeoutMs)), scope };
}

/** @throws ServiceError `unavailable` when the command does not exist. */
export function runCommand(command: string, args: readonly string[], timeoutMs = TIMEOUT_MS): Promise<CommandResult> {
  const options = { env: environment(), timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else if (error.killed) resolve({ code: null, stdout, stderr });
      else reject(new ServiceError('unavailable', `${command} cannot be run (${error.code ?? error.message})`));
    });
  });
}

/** Messages are read, and a session that was not made by a login still has a manager. */
function environment(): NodeJS.ProcessEnv {
  const { XDG_RUNTIME_DIR, ...others } = process.env;
  return { ...others, LC_ALL: 'C', XDG_RUNTIME_DIR: XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}` };
}

/** What systemctl complains of, and what kind of failure that is. */
const COMPLAINTS: readonly (readonly [RegExp, ServiceErrorKind])[] = [
  [/authentication required|access denied|permission denied|not permitted/i, 'not_permitted'],
  [/failed to connect to bus|not been booted with systemd|no medium found/i, 'unavailable'],
  [/not found|does not exist|not loaded/i, 'not_registered'],
  [/canceled/i, 'overruled'],
];

/** The error of a systemctl that has failed. @param task what was to be done, as in "cannot TASK" */
export function systemctlError(task: string, { code, stderr, scope }: CommandResult): ServiceError {
  if (code === null) return new ServiceError('timeout', `cannot ${task} in time; systemd may still do it`);
  const complaint = stderr.trim().split('\n')[0] ?? '';
  const kind = COMPLAINTS.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'failed';
  const cure =
    kind === 'unavailable' && scope === 'user'
      ? '; expected the systemd of this user: log in as the user, or start it with loginctl enable-linger'
      : '';
  return new ServiceError(kind, `cannot ${task}: ${complaint || `systemctl ended with ${code}`}${cure}`);
}
