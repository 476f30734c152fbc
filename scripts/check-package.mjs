// Packs the workspace it is run in, as it would be published, and has publint and "are the types wrong" look at the
// tarball; the latter not at a command, which nothing imports. Everything we publish is ESM only, on purpose.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm } from './pnpm.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const directory = mkdtempSync(join(tmpdir(), 'check-package-'));

try {
  process.exitCode = packs() && publintPasses() && typesPass() ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function packs() {
  return pnpm(ROOT, ['--dir', process.cwd(), 'pack', '--pack-destination', directory]);
}

function publintPasses() {
  return succeeds('publint', ['run', tarball(), '--strict']);
}

function typesPass() {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  return (
    exports === undefined || succeeds('attw', [tarball(), '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'])
  );
}

function tarball() {
  return join(directory, readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? 'nothing-was-packed.tgz');
}

/**
 * @param {string} tool a command of the workspace
 * @param {readonly string[]} words
 */
function succeeds(tool, words) {
  const { status, error } = spawnSync(join('node_modules', '.bin', tool), words, { stdio: ['ignore', 2, 2] });
  if (error) console.error(`${tool} could not be run: ${error.message}`);
  return status === 0;
}
