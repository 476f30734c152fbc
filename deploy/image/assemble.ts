import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm } from '../../scripts/pnpm.mjs';

const HELP = `Puts what the image adds to Debian into a directory: our programs as they are deployed, Node, and rootfs/.

Usage: node deploy/image/assemble.ts DIRECTORY      (must not exist yet; everything must be built)

Exit codes: 0 assembled, 1 something failed, 2 usage.
`;

/** Where the programs live in the image. */
const PREFIX = 'opt/hermes';
const COMMANDS = 'usr/local/bin';
const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));

const [target, ...rest] = process.argv.slice(2);
if (target === '--help') process.stdout.write(HELP);
else if (target === undefined || rest.length > 0 || existsSync(target)) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else assemble(resolve(target));

function assemble(root: string): void {
  const workspaces = ['apps/gateway', 'apps/dashboard', 'packages/s6-reconciler'];
  mkdirSync(join(root, PREFIX), { recursive: true });
  mkdirSync(join(root, COMMANDS), { recursive: true });
  cpSync(join(CHECKOUT, 'packages/s6-reconciler/rootfs'), root, { recursive: true });
  addNode(root);
  for (const workspace of workspaces) addWorkspace(root, workspace);
}

function addNode(root: string): void {
  const pinned = join(CHECKOUT, 'node_modules/.bin/node');
  const node = join(root, PREFIX, 'node/bin/node');
  mkdirSync(dirname(node), { recursive: true });
  copyFileSync(realpathSync(existsSync(pinned) ? pinned : process.execPath), node);
  chmodSync(node, 0o755);
  link(root, 'node', 'node/bin/node');
}

function addWorkspace(root: string, workspace: string): void {
  const { name, bin } = readPackage(workspace);
  const short = workspace.replace(/^.*\//, '');
  const deployed = join(root, PREFIX, short);
  // Offline: whoever builds has installed before, and the lockfile has said with what.
  const words = [
    '--offline',
    '--config.inject-workspace-packages=true',
    '--filter',
    name,
    'deploy',
    '--prod',
    deployed,
  ];
  if (!pnpm(CHECKOUT, words)) throw new Error(`${name}: pnpm deploy failed, see above`);
  if (!existsSync(join(deployed, 'dist')))
    throw new Error(`${name}: not built yet; run \`pnpm turbo run build\` first`);
  for (const [command, script] of Object.entries(bin ?? {})) {
    chmodSync(join(deployed, script), 0o755);
    link(root, command, join(short, script));
  }
}

/** Makes a program a command of the image. */
function link(root: string, command: string, program: string): void {
  symlinkSync(join('/', PREFIX, program), join(root, COMMANDS, command));
}

function readPackage(workspace: string): { readonly name: string; readonly bin?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(CHECKOUT, workspace, 'package.json'), 'utf8'));
}
