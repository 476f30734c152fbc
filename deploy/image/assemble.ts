import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm } from '../../scripts/pnpm.mjs';
import { renderNotices } from '../../scripts/third-party/notices.ts';
import { type NodeBinary, readContents } from './contents.ts';
import { billOfMaterials } from './sbom.ts';

const HELP = `Puts what the image adds to Debian into a directory: our programs as they are deployed, Node, rootfs/,
and what is in all of that: LICENSE, THIRD-PARTY-NOTICES.md and the bill of materials sbom.cdx.json, in /opt/hermes.

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
  const workspaces = ['apps/gateway', 'apps/dashboard', 'packages/drainctl', 'packages/s6-reconciler'];
  mkdirSync(join(root, PREFIX), { recursive: true });
  mkdirSync(join(root, COMMANDS), { recursive: true });
  cpSync(join(CHECKOUT, 'deploy/image/rootfs'), root, { recursive: true });
  const node = addNode(root);
  for (const workspace of workspaces) addWorkspace(root, workspace);
  addPapers(root, workspaces, node);
}

/** Files for operators and auditors: the licenses and the bill of materials. */
function addPapers(root: string, workspaces: readonly string[], node: NodeBinary): void {
  const deployed = workspaces.map((workspace) => deployedTo(root, workspace));
  const contents = readContents(
    deployed,
    workspaces.map((workspace) => join(CHECKOUT, workspace)),
    node,
  );
  const programs = workspaces.map((workspace) => readPackage(workspace).name);
  const notices = renderNotices('The image', [...contents.bundled, ...contents.installed, contents.node]);
  const bill = billOfMaterials(CHECKOUT, programs, contents);
  copyFileSync(join(CHECKOUT, 'LICENSE'), join(root, PREFIX, 'LICENSE'));
  writeFileSync(join(root, PREFIX, 'THIRD-PARTY-NOTICES.md'), notices);
  writeFileSync(join(root, PREFIX, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

/** @returns the copied directories and their sources. */
function addNode(root: string): NodeBinary {
  const pinned = join(CHECKOUT, 'node_modules/.bin/node');
  const node = join(root, PREFIX, 'node/bin/node');
  mkdirSync(dirname(node), { recursive: true });
  const path = realpathSync(existsSync(pinned) ? pinned : process.execPath);
  copyFileSync(path, node);
  chmodSync(node, 0o755);
  link(root, 'node', 'node/bin/node');
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (!/^v\d/.test(stdout)) throw new Error(`${path} --version: expected a version, found ${JSON.stringify(stdout)}`);
  return { path, version: stdout.trim().slice(1) };
}

function addWorkspace(root: string, workspace: string): void {
  const { name, bin } = readPackage(workspace);
  const deployed = deployedTo(root, workspace);
  // Offline: the packages of the lockfile are installed before the build.
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
    link(root, command, join(basename(deployed), script));
  }
}

function deployedTo(root: string, workspace: string): string {
  return join(root, PREFIX, basename(workspace));
}

/** Makes a program a command of the image. */
function link(root: string, command: string, program: string): void {
  symlinkSync(join('/', PREFIX, program), join(root, COMMANDS, command));
}

function readPackage(workspace: string): { readonly name: string; readonly bin?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(CHECKOUT, workspace, 'package.json'), 'utf8'));
}
