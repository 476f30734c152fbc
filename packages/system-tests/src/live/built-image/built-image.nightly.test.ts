import { readGatewayState } from '@hermes/drain-contract';
import { isRoot, lacking, runs } from '@hermes/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { Volume } from '../container/volume.ts';
import { buildImage } from './build.ts';
import { BuiltContainer } from './built-container.ts';
import { Podman } from './podman.ts';

drives(
  'built-image',
  'built from its `Dockerfile`; size; boot, drain at `podman stop`, start; read-only root, `no-new-privileges`, four capabilities, `--user 10000`, health check; bwrap, on which the isolation of agents depends, with `unmask=ALL`',
  { podman: 'podman --version', crun: 'crun --version' },
);

const TOOLS = ['podman', 'crun', 'mmdebstrap', 'nsenter', 'unshare'];
const isMissing = lacking(
  'root, podman, crun and mmdebstrap to build the image and to run it; the tests in live/container boot the same tree without',
  isRoot() && TOOLS.every((tool) => runs('sh', '-c', `command -v ${tool}`)),
);

/** Of what the image adds to its base, in MB. */
const BUDGET_MB = 270;
const BUILD_TIMEOUT_MS = 2_700_000;

const TMPFS = ['--tmpfs', '/run:exec'];
const HARDENED = ['--read-only', '--tmpfs', '/tmp', '--security-opt', 'no-new-privileges', '--cap-drop', 'ALL'];
/** What root needs to give the volume away, to become `hermes`, and to signal its processes. */
const CAPABILITIES = ['CHOWN', 'SETUID', 'SETGID', 'KILL'].flatMap((name) => ['--cap-add', name]);

describe.skipIf(isMissing)('the image that podman builds from its Dockerfile', () => {
  let podman: Podman;
  let size: { readonly size: number; readonly base: number };

  beforeAll(async () => {
    podman = await Podman.open();
    size = await buildImage(podman);
  }, BUILD_TIMEOUT_MS);
  afterAll(() => podman?.[Symbol.asyncDispose]());

  test('adds no more to its base than its budget', () => {
    const added = (size.size - size.base) / 1e6;
    console.info(`image: ${Math.round(size.size / 1e6)} MB, of which ${Math.round(added)} MB are above the base`);
    expect(added).toBeLessThan(BUDGET_MB);
  });

  test('has s6 as PID 1, drains when it is stopped, and brings back what ran', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { turn: 3_000, grace: 30 });
    await using container = await BuiltContainer.run(podman, volume, TMPFS);
    await container.until(['hermes-s6', 'start', 'default']);
    expect((await container.exec(['cat', '/proc/1/comm'])).stdout).toBe('s6-svscan\n');
    expect(await container.healthcheck()).toMatchObject({ code: 0 });
    const answer = say(volume, 'nearly done');
    await expect.poll(() => readGatewayState({ home: volume.home() })?.active_agents).toBe(1);
    expect(await container.stop(110)).toBe(0);
    expect(await answer).toMatchObject({ status: 'done', reply: 'nearly done' });
    expect(readGatewayState({ home: volume.home() })?.exit).toMatchObject({ signal: 'SIGTERM', interrupted: 0 });
    await container.start();
    await expect.poll(() => say(volume, 'again').catch(() => undefined)).toMatchObject({ reply: 'again' });
  });

  test.each([
    ['root, with four capabilities', [...TMPFS, ...HARDENED, ...CAPABILITIES]],
    ['the unprivileged user, with none', ['--tmpfs', '/run:exec,mode=1777', ...HARDENED, '--user', '10000:10000']],
  ])('runs on a read-only root, without new privileges, as %s', async (_who, flags) => {
    await using volume = await Volume.create();
    await volume.addProfile();
    await using container = await BuiltContainer.run(podman, volume, flags);
    await container.until(['hermes-s6', 'start', 'default']);
    expect(await say(volume, 'hello')).toMatchObject({ reply: 'hello' });
    expect((await container.exec(['touch', '/etc/planted'], '0')).stderr).toContain('Read-only file system');
    expect(await container.healthcheck()).toMatchObject({ code: 0 });
    expect(await container.stop(110)).toBe(0);
    expect(await container.logs()).toContain('init: all services are down');
  });

  test('can isolate commands of agents where the engine does not mask /proc, and only there', async () => {
    const trial = ['bwrap', '--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', 'true'];
    await using volume = await Volume.create();
    const flags = [...TMPFS, ...HARDENED, ...CAPABILITIES];
    await using masked = await BuiltContainer.run(podman, volume, flags);
    expect((await masked.exec(trial)).stderr).toContain("Can't mount proc");
    await using unmasked = await BuiltContainer.run(podman, volume, [...flags, '--security-opt', 'unmask=ALL']);
    expect(await unmasked.exec(trial)).toMatchObject({ code: 0, stderr: '' });
  });

  test('starts the dashboard when asked for, as the unprivileged user', async () => {
    await using volume = await Volume.create();
    const env = ['--env', 'HERMES_DASHBOARD=1', '--env', 'HERMES_DASHBOARD_PORT=0'];
    await using container = await BuiltContainer.run(podman, volume, [...TMPFS, ...env]);
    await container.until(['sh', '-c', '[ "$(s6-svstat -o ready /run/service/dashboard)" = true ]']);
    await expect.poll(() => container.logs()).toContain('dashboard: http://127.0.0.1:');
    const { stdout } = await container.exec([
      'sh',
      '-c',
      'stat -c %u "/proc/$(s6-svstat -o pid /run/service/dashboard)"',
    ]);
    expect(stdout).toBe('10000\n');
  });
});

async function say(volume: Volume, text: string): Promise<unknown> {
  const response = await fetch(`${volume.url()}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session: 's', text }),
  });
  return response.json();
}
