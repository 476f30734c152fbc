import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['package.json', 'package-lock.json'];
// No install script runs: the executable comes as it is in its own package. An optional one, so npm has to be asked for it.
const NPM_CI = ['ci', '--ignore-scripts', '--include=optional', '--prefer-offline', '--no-audit', '--no-fund'];

/**
 * The pnpm that package.json and scripts/pnpm/package-lock.json pin, downloaded when it is missing. npm compares each
 * tarball with the lockfile before it unpacks it.
 * @param {string} root the checkout
 * @returns {string | undefined} the directory of the executable, or undefined where the lockfile has none for this platform
 * @throws {Error} for a person: the two pins differ, or the download is not what is pinned
 */
export function pinnedPnpm(root) {
  const source = join(root, 'scripts', 'pnpm');
  const text = readFileSync(join(source, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text);
  checkPinsAgree(root, packages['node_modules/pnpm']);
  const name = `node_modules/@pnpm/exe.${process.platform}-${process.arch}`;
  if (packages[name] === undefined || !isForThisLibrary(packages[name])) return undefined;
  const installed = join(source, 'node_modules', createHash('sha256').update(text).digest('hex').slice(0, 16));
  const directory = join(installed, name);
  if (!existsSync(join(directory, 'pnpm'))) install(source, installed, name);
  return directory;
}

/** @param {string} root @param {{ version: string, integrity: string }} locked */
function checkPinsAgree(root, locked) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const expected = `pnpm@${locked.version}+sha512.${Buffer.from(locked.integrity.replace('sha512-', ''), 'base64').toString('hex')}`;
  if (packageManager === expected) return;
  throw new Error(
    `pnpm was not started: package.json and scripts/pnpm/package-lock.json pin different ones.\n` +
      `  package.json, packageManager: ${packageManager}\n  package-lock.json:            ${expected}\n` +
      'Restore both from version control. After an upgrade on purpose, see "pnpm" in CONTRIBUTING.md.',
  );
}

/** @param {{ libc?: string[] }} locked */
function isForThisLibrary(locked) {
  if (process.platform !== 'linux' || !locked.libc?.includes('glibc')) return true;
  /** @type {any} */
  const report = process.report.getReport();
  return report.header.glibcVersionRuntime !== undefined;
}

/**
 * Several processes may do this at once: each unpacks into a directory of its own, and the first to finish gives it the name.
 * @param {string} source @param {string} installed @param {string} name
 */
function install(source, installed, name) {
  const unpacked = join(source, 'node_modules', `.${process.pid}`);
  try {
    mkdirSync(unpacked, { recursive: true });
    for (const file of FILES) copyFileSync(join(source, file), join(unpacked, file));
    const { status, error } = spawnSync('npm', NPM_CI, { cwd: unpacked, stdio: ['ignore', 2, 2] });
    // npm leaves an optional package out that it cannot verify, and succeeds.
    if (error || status !== 0 || !existsSync(join(unpacked, name, 'pnpm')))
      throw new Error(
        `pnpm was not started: ${error ? `npm could not be run (${error.message})` : `npm could not install ${name} as scripts/pnpm/package-lock.json pins it`}.\n` +
          'Either the registry cannot be reached, or it serves something else than what is pinned (EINTEGRITY).\n' +
          'Check the registry with: npm ping; npm config get registry. Do not edit the lockfile to get past this.',
      );
    take(unpacked, installed);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** @param {string} unpacked @param {string} installed */
function take(unpacked, installed) {
  try {
    renameSync(unpacked, installed);
  } catch (error) {
    if (!existsSync(installed)) throw error;
  }
}
