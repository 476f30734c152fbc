import { spawnSync } from 'node:child_process';

/** For `skipIf`: says aloud what this machine lacks, since a test that did not run must not pass unnoticed. */
export function lacking(what: string, isThere: boolean): boolean {
  if (!isThere) console.warn(`skipped, needs ${what}`);
  return !isThere;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Whether a command can be run with these arguments here. */
export function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 120_000 }).status === 0;
}
