import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CACHE, type Podman } from './podman.ts';

const CHECKOUT = fileURLToPath(new URL('../../../../../', import.meta.url));
const DOCKERFILE = join(CHECKOUT, 'deploy/image/Dockerfile');
const DEBIAN = 'docker.io/library/debian:bookworm-slim';
const NODE = 'docker.io/library/node:24-bookworm-slim';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const BUILD_FLAGS = ['build', '--isolation', 'chroot', '--network', 'host', '--pull=never', '--format', 'docker'];
const BASE_TIMEOUT_MS = 600_000;
const BUILD_TIMEOUT_MS = 1_800_000;

/** The name of the image that {@link buildImage} makes. */
export const IMAGE = 'localhost/hermes:test';

/** A build stage as the official one: Debian, Node and npm. The certificates are for a proxy of this machine. */
const NODE_DOCKERFILE = `FROM ${DEBIAN}
COPY node /usr/local/bin/node
COPY LICENSE /usr/local/LICENSE
COPY npm /usr/local/lib/node_modules/npm
COPY ca.crt ${CERTIFICATES}
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES} npm_config_cafile=${CERTIFICATES}
`;

/** @returns the size of the image and of its base, in bytes. */
export async function buildImage(podman: Podman): Promise<{ readonly size: number; readonly base: number }> {
  const store = (await run('node', [join(CHECKOUT, 'scripts/pnpm.mjs'), 'store', 'path'])).trim();
  const flags = [
    '--ignorefile',
    `${DOCKERFILE}.dockerignore`,
    '--volume',
    `${store}:/root/.local/share/pnpm/store/${store.split('/').at(-1)}:O`,
  ];
  await buildFile(podman, DOCKERFILE, [...flags, '--tag', IMAGE, CHECKOUT]);
  // Layers of builds before, which no later one will use.
  await podman.run(['image', 'prune', '--force', '--filter', 'until=168h']);
  return { size: await sizeOf(podman, IMAGE), base: await sizeOf(podman, DEBIAN) };
}

/**
 * Builds a Dockerfile of this checkout on the base images that are made here.
 * @param args of `podman build`: more flags, and the context
 */
export async function buildFile(podman: Podman, file: string, args: readonly string[]): Promise<void> {
  await makeDebian(podman);
  await makeNode(podman);
  const directory = mkdtempSync(join(tmpdir(), 'hermes-build-'));
  try {
    const dockerfile = join(directory, 'Dockerfile');
    // A base that was made here has another digest than the published one.
    writeFileSync(dockerfile, readFileSync(file, 'utf8').replaceAll(/@sha256:[0-9a-f]{64}/g, ''));
    await podman.run([...BUILD_FLAGS, '--file', dockerfile, ...args], BUILD_TIMEOUT_MS);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Builds an image that cannot be pulled, from the Debian that {@link buildImage} made. */
export async function buildStandIn(podman: Podman, tag: string, context: string): Promise<void> {
  await podman.run([...BUILD_FLAGS, '--tag', tag, context], BUILD_TIMEOUT_MS);
}

/** A Debian of today in place of the one that cannot be pulled; kept for later runs, as its upgrade is part of the build. */
async function makeDebian(podman: Podman): Promise<void> {
  if ((await podman.try(['image', 'exists', DEBIAN])).code === 0) return;
  const archive = join(CACHE, `debian-${process.pid}.tar`);
  try {
    await run('mmdebstrap', ['--quiet', '--variant=minbase', 'bookworm', archive]);
    await podman.run(['import', archive, DEBIAN], BASE_TIMEOUT_MS);
  } finally {
    rmSync(archive, { force: true });
  }
}

async function makeNode(podman: Podman): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), 'hermes-node-'));
  try {
    const node = realpathSync(process.execPath);
    copyFileSync(node, join(context, 'node'));
    copyFileSync(join(dirname(dirname(node)), 'LICENSE'), join(context, 'LICENSE'));
    const npm = dirname(dirname(realpathSync((await run('sh', ['-c', 'command -v npm'])).trim())));
    cpSync(npm, join(context, 'npm'), { recursive: true, dereference: true });
    if (existsSync(CERTIFICATES)) copyFileSync(CERTIFICATES, join(context, 'ca.crt'));
    else writeFileSync(join(context, 'ca.crt'), '');
    writeFileSync(join(context, 'Dockerfile'), NODE_DOCKERFILE);
    await podman.run([...BUILD_FLAGS, '--tag', NODE, context], BASE_TIMEOUT_MS);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

async function sizeOf(podman: Podman, image: string): Promise<number> {
  return Number(await podman.run(['image', 'inspect', '--format', '{{.Size}}', image]));
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: CHECKOUT, timeout: BASE_TIMEOUT_MS });
  return stdout;
}
