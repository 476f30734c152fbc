// Runs on whatever Node a new machine has (20 or newer): installs what is missing, builds, and hands over to the
// pinned Node. Plain JavaScript without dependencies, because nothing is installed yet when it starts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver, npmAbove } from './hand-over.mjs';
import { pnpm } from './pnpm.mjs';

const ancestors = npmAbove();
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, 'node_modules', '.installed-lockfile');
const COMMANDS = ['start', 'test', 'demo', 'tour', 'live', 'bench', 'docs', 'release'];
const [command, ...args] = process.argv.slice(2);

if (!COMMANDS.includes(command)) fail(`usage: node scripts/bootstrap.mjs ${COMMANDS.join('|')}`, 2);
if (Number(process.versions.node.split('.')[0]) < 20) fail(`needs Node 20 or newer, this is ${process.version}`, 78);
process.chdir(ROOT);
install();
// The pages need nothing that is built.
if (command !== 'docs' && !args.includes('--help') && !args.includes('-h')) build();
const pinned = join('node_modules', '.bin', 'node');
handOver(existsSync(pinned) ? pinned : process.execPath, [join('scripts', `${command}.ts`), ...args], ancestors);

function install() {
  const wanted = createHash('sha256').update(readFileSync('pnpm-lock.yaml')).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  console.error('Installing packages (about half a minute, once) …');
  // The stamp of an installation that was broken off would be a lie.
  if (!pnpm(ROOT, ['install', '--frozen-lockfile'])) fail('the packages could not be installed; see above', 1);
  writeFileSync(STAMP, wanted);
}

function build() {
  console.error('Building …');
  const words = ['turbo', 'run', 'build', '--output-logs=errors-only'];
  if (!pnpm(ROOT, words)) fail('the build failed; see above', 1);
}

function fail(message, code) {
  console.error(message);
  process.exit(code);
}
