import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs the Debian packages whose command or file is missing, when this user may. Where that is impossible the tests that
 * need one are skipped, and say so.
 * @param wanted packages, and a command or a file (an absolute path) that each of them brings.
 */
export function installDebianPackages(wanted: Readonly<Record<string, string>>): void {
  const missing = Object.keys(wanted).filter((name) => isMissing(wanted[name] ?? name));
  if (missing.length === 0) return;
  const names = missing.join(' ');
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`Not installed, and only root on Debian could: ${names}. Tests that need them will be skipped.`);
    return;
  }
  console.error(`Installing Debian packages for the tests: ${names} …`);
  const updated = aptGet('update', '-qq');
  const installed = updated && aptGet('install', '-y', '-qq', '--no-install-recommends', ...missing);
  if (!installed) console.error(`apt-get failed; tests that need ${names} will be skipped.`);
}

function isMissing(brought: string): boolean {
  if (brought.startsWith('/')) return !existsSync(brought);
  return spawnSync('sh', ['-c', `command -v ${brought}`]).status !== 0;
}

function aptGet(...words: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 2], env, timeout: 300_000 }).status === 0;
}
