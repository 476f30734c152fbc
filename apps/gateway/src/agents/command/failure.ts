/** Why a command was stopped before it had ended. */
export type StopReason = 'interrupted' | 'timeout' | 'output';

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stopped: StopReason | undefined;
}

/** Limits of a command: seconds and bytes. */
export interface CommandLimits {
  readonly timeout: number;
  readonly max_output: number;
}

/** Why that end is a failure, as a sentence for users; `undefined` for success. */
export function commandFailure(end: CommandEnd, limits: CommandLimits): string | undefined {
  if (end.stopped === 'timeout') return `The command took longer than ${limits.timeout} s and was stopped.`;
  if (end.stopped === 'output') return `The command printed more than ${limits.max_output} bytes and was stopped.`;
  if (end.stopped === 'interrupted') return 'The command was interrupted.';
  if (end.signal !== null) return `The command was ended by ${end.signal}.`;
  return end.code === 0 ? undefined : `The command ended with exit code ${end.code}.`;
}

const SPAWN_PROBLEMS: Record<string, string> = {
  ENOENT: 'the program or its working directory does not exist',
  ENOTDIR: 'the program or its working directory does not exist',
  EACCES: 'the gateway has no permission to run it',
  EPERM: 'the gateway has no permission to run it',
  ENOEXEC: 'it is not an executable program',
  E2BIG: 'its arguments are too long',
  EAGAIN: 'the limit of processes is reached',
  EMFILE: 'the limit of open files is reached',
  ENFILE: 'the limit of open files is reached',
  ENOMEM: 'not enough memory is free',
};

/** The error for a command whose prompt or process id could not be stored, as a sentence for users. */
export const NOT_STORED = 'The command could not be started: the gateway could not store its prompt or its process id.';

/** Why a command could not be started, as a sentence for users. */
export function spawnFailure(code: string | undefined): string {
  const why = SPAWN_PROBLEMS[code ?? ''] ?? 'see the log of the gateway for the reason';
  return `The command could not be started: ${why}.`;
}
