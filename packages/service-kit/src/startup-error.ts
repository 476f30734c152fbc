import { stderrOutput } from './log-output.ts';

/** Exit codes of our programs, as documented in each `--help`. */
export const EXIT = {
  /** Ended by its own decision. */
  ok: 0,
  /** A bug of ours. */
  failure: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** The configuration or the machine must be changed first; a supervisor should not try again (sysexits EX_CONFIG). */
  config: 78,
} as const;

/** Why a program cannot start, told in one line that a person can act on. Ends in exit code 78. */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
  }
}

/**
 * Prints `error` as one line on stderr and returns the exit code it asks for. Only a bug of ours shows a stack. A reader
 * of stderr that has stopped reading cannot keep the program from ending.
 */
export function reportStartupError(program: string, error: unknown): number {
  const expected = error instanceof Error && (error.name === 'StartupError' || error.name === 'ContractError');
  const text = expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderrOutput().write(`${program}: ${expected ? text.replace(/\s*\n\s*/g, ' ') : text}\n`);
  return expected ? EXIT.config : EXIT.failure;
}
