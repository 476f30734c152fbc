import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type ProgramName =
  | 'begin-or-clear'
  | 'count-under-lock'
  | 'die-at-step'
  | 'print-epoch'
  | 'read-small-file'
  | 'readme-example'
  | 'replace-file'
  | 'swap-places'
  | 'take-lock'
  | 'without-descriptors';

/** The command line that runs one of the programs beside this file: what touches process-wide state runs there. */
export function commandLine(name: ProgramName, ...args: string[]): string[] {
  return [process.execPath, fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)), ...args];
}

/** Against hanging: a busy machine may take long. */
const BOUND_MS = 120_000;

/** The lines that a command prints, each of them JSON. Fails when it complains, or does not end in time. */
export function run([command = '', ...args]: string[]): unknown[] {
  const { status, signal, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: BOUND_MS });
  if (status !== 0 || stderr !== '') throw new Error(`${args.join(' ')}: ended with ${status ?? signal}: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
