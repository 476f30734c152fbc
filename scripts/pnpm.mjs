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
  const { status, error } = spawnSync('npx', ['--yes', packageManager, ...words], { stdio: ['ignore', 2, 2], env });
  if (error) console.error(`npx could not be run: ${error.message}`);
  return status === 0;
}
