// Run by the package manager before it packs the workspace it is in: what is not built, or is built of another version,
// is not packed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const { name, version, bin = {}, exports = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const modules = Object.values(exports).flatMap((paths) => Object.values(paths));
const missing = modules.filter((path) => !existsSync(path));
const silent = Object.values(bin).filter((path) => saysOf(path) !== version);

for (const path of missing) console.error(`${name}: ${path} is missing`);
for (const path of silent)
  console.error(`${name}: \`node ${path} --version\`: expected ${version}, found ${JSON.stringify(saysOf(path))}`);
if (missing.length + silent.length > 0) {
  console.error(`${name} is not built; run \`pnpm turbo run build\` first.`);
  process.exitCode = 1;
}

/** @param {string} path a command */
function saysOf(path) {
  const { stdout, stderr } = spawnSync(process.execPath, [path, '--version'], { encoding: 'utf8', timeout: 60_000 });
  return (stdout || stderr).trim();
}
