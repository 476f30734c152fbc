import { stderrOutput } from './log-output.ts';
import { isTemporary } from './temporary.ts';

/** Exit codes of our programs, as documented in each `--help`. */
export const EXIT = {
  /** Ended by its own decision. */
  ok: 0,
  /** A bug of ours. */
  failure: 1,
  /** The command line is invalid. */
  usage: 2,
  /** A temporary failure; a supervisor should start it again (sysexits EX_TEMPFAIL). */
  temporary: 75,
  /** The configuration or the environment must be changed first; a supervisor should not retry (sysexits EX_CONFIG). */
  config: 78,
} as const;

/** Details of a {@link StartupError}. */
export interface StartupErrorOptions extends ErrorOptions {
  /** Whether it is temporary. Default: derived from `cause`. */
  readonly temporary?: boolean;
}

/** Why a program cannot start, in one line with a remedy. The exit code is 78, or 75 if the cause is temporary. */
export class StartupError extends Error {
  /** Whether it is temporary, so that a retry can succeed. */
  readonly temporary: boolean;

  constructor(message: string, { temporary, ...options }: StartupErrorOptions = {}) {
    super(message, options);
    this.name = 'StartupError';
    this.temporary = temporary ?? isTemporary(options.cause);
  }
}

/** A class of errors. */
export type ErrorClass = abstract new (...args: never) => Error;

/**
 * The exit code that an error at the start of a program asks for.
 * @param expected further classes of errors that a person can act on, beside {@link StartupError}
 */
export function exitCodeOf(
  error: unknown,
  expected: readonly ErrorClass[] = [],
): typeof EXIT.temporary | typeof EXIT.config | typeof EXIT.failure {
  if (isTemporary(error)) return EXIT.temporary;
  return [StartupError, ...expected].some((known) => error instanceof known) ? EXIT.config : EXIT.failure;
}

/**
 * Prints `error` as one line on stderr and returns the exit code it asks for. Only a bug of ours shows a stack. A reader
 * of stderr that has stopped reading cannot keep the program from ending.
 * @param expected as of {@link exitCodeOf}
 */
export function reportStartupError(program: string, error: unknown, expected?: readonly ErrorClass[]): number {
  const code = exitCodeOf(error, expected);
  stderrOutput().write(`${program}: ${tell(error, code)}\n`);
  return code;
}

function tell(error: unknown, code: number): string {
  if (!(error instanceof Error)) return String(error);
  return code === EXIT.failure ? (error.stack ?? error.message) : error.message.replace(/\s*\n\s*/g, ' ');
}
