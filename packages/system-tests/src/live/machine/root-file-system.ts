import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { shellLine } from '@hermes/drain-contract';
import { CACHE } from '../built-image/podman.ts';
import { assembledImage, imageConfiguration } from '../container/image.ts';

const GUEST = fileURLToPath(new URL('guest', import.meta.url));
/** What the image installs, a kernel, what its start needs, and a library that makes flushes do nothing. */
const PACKAGES = [
  'bubblewrap',
  'ca-certificates',
  'execline',
  's6',
  'libeatmydata1',
  'linux-image-cloud-amd64',
  'initramfs-tools',
  'iproute2',
  'xfsprogs',
];
const SIZE = '2G';
const TIMEOUT_MS = 1_200_000;

/** What a machine boots from. */
export interface RootFileSystem {
  /** A raw disk with an ext4 file system. */
  readonly disk: string;
  readonly kernel: string;
  readonly initialRamdisk: string;
}

/**
 * Makes the disk of a machine in `directory`: Debian with a kernel, and the tree of the image in it. Debian is kept for
 * later runs. @param env what the container engine would set, besides the variables of the image.
 */
export async function makeRootFileSystem(
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<RootFileSystem> {
  const root = mkdtempSync(join(tmpdir(), 'hermes-machine-root-'));
  try {
    await run('tar', ['-xf', await debian(), '-C', root]);
    cpSync(await assembledImage(), root, { recursive: true, verbatimSymlinks: true });
    addUser(root);
    addMachine(root, env);
    const disk = join(directory, 'root.img');
    await run('mke2fs', ['-q', '-t', 'ext4', '-d', root, disk, SIZE]);
    const [kernel, initialRamdisk] = ['vmlinuz', 'initrd.img'].map((name) => keep(root, directory, name));
    return { disk, kernel: kernel as string, initialRamdisk: initialRamdisk as string };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @returns the path of an archive. */
async function debian(): Promise<string> {
  const name = `machine-${createHash('sha256').update(PACKAGES.join()).digest('hex').slice(0, 12)}.tar`;
  const archive = join(CACHE, name);
  if (existsSync(archive)) return archive;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${archive}.${process.pid}`;
  try {
    const include = `--include=${PACKAGES.join()}`;
    await run('mmdebstrap', ['--quiet', '--format=tar', '--variant=minbase', include, 'bookworm', unfinished]);
    renameSync(unfinished, archive);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return archive;
}

/** As the Dockerfile does. */
function addUser(root: string): void {
  appendFileSync(join(root, 'etc/passwd'), 'hermes:x:10000:10000::/opt/data:/usr/sbin/nologin\n');
  appendFileSync(join(root, 'etc/group'), 'hermes:x:10000:\n');
  mkdirSync(join(root, 'opt/data'), { recursive: true });
}

/** What makes the image a machine. */
function addMachine(root: string, env: Readonly<Record<string, string>>): void {
  const { entrypoint, env: ofImage } = imageConfiguration();
  const library = join(root, 'usr/lib/machine');
  mkdirSync(library, { recursive: true });
  for (const name of ['control', 'restart']) copyProgram(join(GUEST, name), join(library, name));
  copyProgram(join(GUEST, 'machine-init'), join(root, 'sbin/machine-init'));
  const settings = Object.entries({ ...ofImage, ...env, ENTRYPOINT: entrypoint });
  writeFileSync(
    join(library, 'environment'),
    settings.map(([name, value]) => `export ${name}=${shellLine([value])}\n`).join(''),
  );
  // PID 1 runs it last.
  const finish = join(root, 'usr/lib/hermes/finish');
  const text = readFileSync(finish, 'utf8');
  if (!text.endsWith('\nexit 0\n')) throw new Error(`${finish}: expected "exit 0" as its last line`);
  writeFileSync(finish, text.replace(/exit 0\n$/, 'exec /usr/lib/machine/restart\n'));
}

function copyProgram(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}

function keep(root: string, directory: string, name: string): string {
  const [found] = globSync(`boot/${name}-*`, { cwd: root });
  if (found === undefined) throw new Error(`no ${name} in the file system of the machine`);
  copyFileSync(join(root, found), join(directory, name));
  return join(directory, name);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(command, args, { timeout: TIMEOUT_MS });
}
