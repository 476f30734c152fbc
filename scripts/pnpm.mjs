import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedPnpm } from './pnpm/pinned.mjs';

/**
 * Runs the pnpm that package.json pins, whether the machine has one or not.
 * @param {string} root the checkout
 * @param {readonly string[]} words
 * @param {import('node:child_process').StdioOptions} stdio its input and outputs; unless given, what it prints goes to our stderr
 * @returns {boolean} whether it succeeded
 */
export function pnpm(root, words, stdio = ['ignore', 2, 2]) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [pinned] = packageManager.split('+');
  try {
    const [command, path, ...before] = isRunning(pinned) ? ['pnpm', ''] : verified(root, pinned);
    const env = {
      ...process.env,
      PATH: `${path}${process.env.PATH}`,
      TURBO_TELEMETRY_DISABLED: '1',
      npm_config_loglevel: 'error',
    };
    const { status, error } = spawnSync(command, [...before, ...words], { stdio, env });
    if (error) console.error(`${command} could not be run: ${error.message}`);
    return status === 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

/** Whether we are in a script of that very pnpm, which is on the PATH then: asking npm once more would take seconds. */
function isRunning(pinned) {
  return process.env.npm_config_user_agent?.startsWith(`${pinned.replace('@', '/')} `) === true;
}

/** The command, what to put before the PATH (Turborepo looks for pnpm there, from other directories), and words to put before those of the caller. */
function verified(root, pinned) {
  const directory = pinnedPnpm(resolve(root));
  if (directory !== undefined) return ['pnpm', `${directory}${delimiter}`];
  console.error(
    `scripts/pnpm/package-lock.json has no pnpm for ${process.platform}-${process.arch}: npx takes ${pinned} unverified.`,
  );
  return ['npx', '', '--yes', pinned];
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  process.exitCode = pnpm(root, process.argv.slice(2), 'inherit') ? 0 : 1;
}
