// Run by the package manager before it packs the workspace it is in: what is not built, or is built of another version,
// is not packed. Copies the pages of the documentation that the package contains.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { name, version, bin = {}, files = [] } = manifest;
// The package manager replaces fields by those of `publishConfig`.
const exports = manifest.publishConfig?.exports ?? manifest.exports ?? {};
const pages = files.filter((path) => /^docs\/.+\.md$/.test(path));
rmSync('docs', { recursive: true, force: true });
for (const page of pages) {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, withoutDeadLinks(readFileSync(`../../${page}`, 'utf8'), page));
}

const modules = Object.values(exports).flatMap((paths) => (typeof paths === 'string' ? [paths] : Object.values(paths)));
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

/** Of a link to a page that is not in the package, only the text. */
function withoutDeadLinks(text, page) {
  return text.replace(/!?\[([^\]]*)\]\(([^)\s]+)\)/g, (link, words, target) => {
    const [path] = target.split('#');
    const isThere = path === '' || /^[a-z]+:/.test(target) || pages.includes(posix.join(posix.dirname(page), path));
    return isThere ? link : words;
  });
}
