// Packs the workspace it is run in, as it would be published, and looks into the tarball as a release does.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm } from './pnpm.mjs';
import { checkTarball } from './release/check-tarball.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const destination = mkdtempSync(join(tmpdir(), 'check-package-'));

try {
  process.exitCode =
    pnpm(ROOT, ['--dir', process.cwd(), 'pack', '--pack-destination', destination]) && passes() ? 0 : 1;
} finally {
  rmSync(destination, { recursive: true, force: true });
}

function passes() {
  const [tarball = 'nothing-was-packed.tgz'] = readdirSync(destination).filter((name) => name.endsWith('.tgz'));
  const directory = relative(ROOT, process.cwd());
  const { packedBytes, unpackedBytes, problems } = checkTarball(join(destination, tarball), {
    root: ROOT,
    directory,
    isRelease: false,
  });
  console.error(`${tarball}: ${packedBytes} bytes, unpacked ${unpackedBytes}`);
  for (const problem of problems) console.error(`${directory}: ${problem}`);
  return problems.length === 0;
}
