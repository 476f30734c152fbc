import { dropServiceLinks } from '@hermes/drain-contract';
import { readBootLine } from './cli/boot-line.ts';
import { PROGRAM } from './cli/help.ts';
import { readSettings } from './cli/settings.ts';
import { EXIT, exitCodeOf, tellError } from './commands/exit.ts';
import { printError } from './commands/print.ts';
import { runReconcile } from './commands/reconcile.ts';

/** Runs the command line. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const links = dropServiceLinks(process.env);
  if (links !== undefined) printError(`${PROGRAM}: ${links}`);
  try {
    const settings = readSettings(process.env);
    const boot = readBootLine(argv, settings);
    if (boot === undefined) return await (await import('./cli/tree.ts')).runProgram(argv, settings);
    await runReconcile(boot);
    return EXIT.ok;
  } catch (error) {
    printError(`${PROGRAM}: ${tellError(error)}`);
    return exitCodeOf(error);
  }
}
