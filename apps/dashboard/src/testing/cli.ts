import { fileURLToPath } from 'node:url';
import {
  type Ended,
  type ProgramOptions,
  runProgram as run,
  type StartedProgram,
  startProgram,
} from '@hermes/test-kit';

export const SHIM = fileURLToPath(new URL('../../bin/hermes-dashboard.js', import.meta.url));

export type Cli = StartedProgram;

export type CliOptions = Omit<ProgramOptions, 'shim'> & Partial<Pick<ProgramOptions, 'shim'>>;

/** Starts the dashboard's program, unless another is named. */
export function startCli(options: CliOptions = {}): Cli {
  return startProgram({ shim: SHIM, ...options });
}

/** Runs it to its end. */
export function runProgram(options: CliOptions): Promise<Ended> {
  return run({ shim: SHIM, ...options });
}
