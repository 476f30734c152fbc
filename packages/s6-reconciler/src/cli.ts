import { CommanderError } from 'commander';
import { PROGRAM } from './cli/help.ts';
import { readSettings } from './cli/settings.ts';
import { createProgram } from './cli/tree.ts';
import { EXIT, exitCodeOf, tellError } from './commands/exit.ts';

/** Runs the command line. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await createProgram(argv[0], readSettings(process.env)).parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    process.stderr.write(`${PROGRAM}: ${tellError(error)}\n`);
    return exitCodeOf(error);
  }
}
