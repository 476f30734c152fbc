import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackClient } from '@hermes/local-stack';
import { isRoot, lacking, runs } from '@hermes/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { Elsewhere } from '../../releases/elsewhere.ts';
import { Registry } from '../../releases/registry.ts';
import { CHECKOUT, pack } from '../../releases/tarball.ts';
import { Volume } from '../container/volume.ts';
import { buildFile } from './build.ts';
import { BuiltContainer } from './built-container.ts';
import { Podman, RUN_FLAGS } from './podman.ts';

drives(
  'built-image',
  'the image of a release, built from `Dockerfile.release` and a registry of packages: its packages, their licences and their bill; boot, drain, stop',
  { podman: 'podman --version', crun: 'crun --version' },
);

const TOOLS = ['podman', 'crun', 'mmdebstrap', 'nsenter', 'unshare'];
const isMissing = lacking(
  'root, podman, crun and mmdebstrap to build the image of a release, and to run it',
  isRoot() && TOOLS.every((tool) => runs('sh', '-c', `command -v ${tool}`)),
);

const CONTEXT = join(CHECKOUT, 'deploy/image');
const IMAGE = 'localhost/hermes-release:test';
const STAGE = 'localhost/hermes-release:build';
const TMPFS = ['--tmpfs', '/run:exec'];
/** The programs, and what they need of ours. */
const WORKSPACES = [
  'packages/drain-contract',
  'packages/drainctl',
  'packages/s6-reconciler',
  'apps/gateway',
  'apps/dashboard',
];
const COMMANDS = ['hermes-gateway', 'hermes-dashboard', 'drainctl', 'hermes-s6'];
const BUILD_TIMEOUT_MS = 2_700_000;
const GREP_TIMEOUT_MS = 600_000;
/** Of a test that builds: on a busy machine each build takes minutes. */
const BUILDS = { timeout: 1_200_000 };

interface Build {
  readonly tag: string;
  /** The version. Default: that of the checkout. */
  readonly of?: string | undefined;
  /** An .npmrc. Default: that of the registry; none if empty. */
  readonly secret?: string | undefined;
  readonly flags?: readonly string[];
}

describe.skipIf(isMissing)('the image that podman builds of a release in a registry', () => {
  let registry: Registry;
  let elsewhere: Elsewhere;
  let podman: Podman;
  let directory: string;
  let npmrc: string;
  let version: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hermes-release-image-'));
    version = manifestOf('apps/gateway').version;
    registry = await Registry.start({ upstream: true, isPrivate: true });
    elsewhere = await Elsewhere.start();
    for (const workspace of WORKSPACES) await registry.publish(await pack(workspace, directory), elsewhere.url);
    npmrc = registry.npmrc(directory, { all: true });
    const proxy = [`proxy=${elsewhere.url}`, `https-proxy=${elsewhere.url}`, 'noproxy=127.0.0.1'];
    writeFileSync(npmrc, `${proxy.join('\n')}\n`, { flag: 'a' });
    podman = await Podman.open();
    await build({ tag: IMAGE });
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    await podman?.try(['rmi', '--force', IMAGE, STAGE]);
    await podman?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await elsewhere?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  test('has the very packages of the registry at that version, and asked nobody else for them', async () => {
    await using volume = await Volume.create();
    await using container = await BuiltContainer.run(podman, volume, TMPFS, IMAGE);
    for (const command of COMMANDS)
      expect(await container.exec([command, '--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    const { stdout } = await container.exec(['cat', '/opt/hermes/package-lock.json']);
    const { packages } = JSON.parse(stdout);
    for (const workspace of WORKSPACES) {
      const { name } = manifestOf(workspace);
      const published = (await registry.packument(name))?.versions[version]?.dist.integrity;
      expect(packages[`node_modules/${name}`]).toMatchObject({ version, integrity: published });
    }
    expect(elsewhere.requests).toEqual([]);
  });

  test('boots, answers a turn, can be drained, and lets its turns finish when it is stopped', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { turn: 2_000, grace: 30 });
    const dashboard = ['--env', 'HERMES_DASHBOARD=1', '--env', 'HERMES_DASHBOARD_PORT=0'];
    await using container = await BuiltContainer.run(podman, volume, [...TMPFS, ...dashboard], IMAGE);
    await container.until(['hermes-s6', 'start', 'default']);
    expect((await container.exec(['cat', '/proc/1/comm'])).stdout).toBe('s6-svscan\n');
    const client = new StackClient(volume.url(), 'http://127.0.0.1/');
    const answer = client.say('anna', 'hello');
    expect((await container.until(['drainctl', 'status'])).stdout).toContain('running');
    expect(await container.exec(['drainctl', 'begin', '--wait'])).toMatchObject({ code: 0 });
    expect(await answer).toMatchObject({ status: 200, body: { reply: 'hello' } });
    expect(await client.say('anna', 'too late')).toMatchObject({ status: 503, body: { code: 'draining' } });
    expect(await container.exec(['drainctl', 'cancel'])).toMatchObject({ code: 0 });
    expect(await container.healthcheck()).toMatchObject({ code: 0 });
    expect(await container.stop(110)).toBe(0);
  });

  test('has licenses, and a bill of the packages that npm installed', async () => {
    await using volume = await Volume.create();
    await using container = await BuiltContainer.run(podman, volume, TMPFS, IMAGE);
    const texts = ['LICENSE', 'node/LICENSE', 'node_modules/@hermes/gateway/THIRD-PARTY-NOTICES.md'];
    for (const text of texts) expect((await container.exec(['test', '-s', `/opt/hermes/${text}`])).code).toBe(0);
    const { components } = JSON.parse((await container.exec(['cat', '/opt/hermes/sbom.cdx.json'])).stdout);
    const listed = components.map(({ purl }: { purl: string }) => purl);
    const ours = WORKSPACES.map((workspace) => `pkg:npm/${manifestOf(workspace).name.replace('@', '%40')}@${version}`);
    expect(listed).toEqual(expect.arrayContaining([...ours, expect.stringMatching(/^pkg:npm\/zod@/)]));
  });

  test(
    'has nothing of the checkout, and no token, neither in the image nor in the stage that installs',
    BUILDS,
    async () => {
      await build({ tag: STAGE, flags: ['--target', 'build'] });
      const words = ['-e', registry.token, '-e', CHECKOUT, '-e', directory];
      for (const image of [IMAGE, STAGE]) {
        const flags = ['--rm', ...RUN_FLAGS, '--user', '0', '--entrypoint', 'grep', image];
        const roots = ['/etc', '/image', '/opt', '/root', '/run', '/srv', '/tmp', '/usr', '/var'];
        const found = await podman.try(['run', ...flags, '-rlsF', ...words, ...roots], GREP_TIMEOUT_MS);
        expect(found).toMatchObject({ stdout: '' });
        // The words are found where they are.
        const known = await podman.try(['run', ...flags, '-rlsF', '-e', 's6-svscan', '/usr/lib/hermes', '/image']);
        expect(known.stdout).toContain('/usr/lib/hermes/init');
      }
    },
  );

  test.each<[string, Omit<Build, 'tag'>, string]>([
    ['a secret', { secret: '' }, 'npmrc: expected a secret of the build'],
    ['the registry of the scope in it', { secret: 'without-scope' }, 'expected a line @hermes:registry=URL'],
    ['a version', { of: '' }, "VERSION: expected the version of a release, found ''"],
    ['an exact version', { of: 'latest' }, "VERSION: expected the version of a release, found 'latest'"],
    ['a version that is there', { of: '999.0.0' }, '@999.0.0'],
  ])('is not built without %s', BUILDS, async (_, { of, secret }, message) => {
    const empty = join(directory, 'empty');
    writeFileSync(empty, `registry=${registry.url}\n`);
    const given = secret === 'without-scope' ? empty : secret;
    await expect(
      build({ tag: 'localhost/hermes-release:refused', flags: ['--target', 'build'], of, secret: given }),
    ).rejects.toThrow(message);
    expect(elsewhere.requests).toEqual([]);
  });

  /** Without a cache, whose key has neither the secret nor what is in the registry. */
  function build({ tag, of = version, secret = npmrc, flags = [] }: Build): Promise<void> {
    const secrets = secret === '' ? [] : ['--secret', `id=npmrc,src=${secret}`];
    const args = ['--no-cache', '--build-arg', `VERSION=${of}`, ...secrets, ...flags, '--tag', tag, CONTEXT];
    return buildFile(podman, join(CONTEXT, 'Dockerfile.release'), args);
  }
});

function manifestOf(workspace: string): { readonly name: string; readonly version: string } {
  return JSON.parse(readFileSync(join(CHECKOUT, workspace, 'package.json'), 'utf8'));
}
