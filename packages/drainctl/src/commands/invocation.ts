import type { CommonOptions } from './options.ts';

const COMMANDS = ['begin', 'status', 'wait', 'watch', 'cancel', 'extend', 'restart', 'history', 'run'] as const;
export type CommandName = (typeof COMMANDS)[number];

/** A parsed command line. */
export interface Invocation {
  readonly name: CommandName;
  readonly options: CommonOptions;
  /** What comes after `run --`. */
  readonly command: readonly string[];
}
