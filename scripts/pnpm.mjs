import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs the pnpm that package.json pins, whether the machine has one or not. What it prints goes to our stderr.
 * @param {string} root the checkout
 * @param {readonly string[]} words
 * @returns {boolean} whether it succeeded
 */
export function pnpm(root, words) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', npm_config_loglevel: 'error' };
  const [command, ...before] = isRunning(packageManager) ? ['pnpm'] : ['npx', '--yes', packageManager];
  const { status, error } = spawnSync(command, [...before, ...words], { stdio: ['ignore', 2, 2], env });
  if (error) console.error(`${command} could not be run: ${error.message}`);
  return status === 0;
}

/** Whether we are in a script of that very pnpm, which is on the PATH then: npx would ask the registry once more. */
function isRunning(packageManager) {
  return process.env.npm_config_user_agent?.startsWith(`${packageManager.replace('@', '/')} `) === true;
}
