import { readGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { Container, type ContainerOptions } from './container.ts';
import { layer } from './layer.ts';
import { s6OverlayFiles, s6OverlaySettings } from './s6-overlay.ts';
import { slots, untilReady } from './slots.ts';
import { describeContainers } from './suite.ts';
import { Volume } from './volume.ts';

drives(
  's6-overlay-stand-in',
  'stop with two signals, no `-c`, services that are off, a kept `/run`, compiled limits, a stop during the boot',
  { s6: 'dpkg-query -W s6' },
);

type Files = Readonly<Record<string, string>>;

const UP = 's6-overlay: legacy-services is up';

/** An image on s6-overlay, set up as documented. */
function onS6Overlay(volume: Volume, files: Files = {}, env: Files = {}): ContainerOptions {
  return {
    volume,
    layer: layer({ ...s6OverlayFiles(), ...files }),
    env: { ...s6OverlaySettings(), S6_KILL_GRACETIME: '1000', ...env },
  };
}

const tree = (name: 'user' | 'root'): Files => ({
  HERMES_GATEWAY_TREE: name,
  ...(name === 'root' ? { S6_PROFILE_GATEWAY_SCANDIR: '/run/service' } : {}),
});

/** An s6-svscan that knows only -C, as that of s6 2.15. */
const WITHOUT_C = `#!/bin/sh
case $1$2$3$4$5 in *-c*) echo 's6-svscan: fatal: unrecognized short option' >&2; exit 100 ;; esac
for word; do
  shift
  if [ "$word" = -C ]; then word=-c; fi
  set -- "$@" "$word"
done
exec /usr/bin/s6-svscan "$@"
`;

describeContainers('on s6-overlay', () => {
  test.each(['user', 'root'] as const)(
    "in the %s's tree, the gateways come up, and what depends on all services, although some are switched off and s6-svscan does not know -c",
    async (name) => {
      await using volume = await Volume.create();
      await volume.addProfile('default', { intent: 'running' });
      await using container = await Container.boot(
        onS6Overlay(volume, { '/usr/local/bin/s6-svscan': WITHOUT_C }, tree(name)),
      );
      await untilReady(container);
      await expect.poll(() => container.logs).toContain(UP);
      const dashboard = await container.exec(['s6-svstat', '-o', 'up,wantedup', '/run/service/dashboard']);
      expect(dashboard.stdout).toBe('false false\n');
      const scanners = await container.exec(['ps', '-C', 's6-svscan', '-o', 'args=']);
      if (name === 'user') expect(scanners.stdout).toContain('-d 3 -t 0 -c 1000 /run/hermes/gateways\n');
      expect(await container.stop()).toMatchObject({ graceful: true });
    },
  );

  test.each(['user', 'root'] as const)(
    "in the %s's tree, a turn finishes although the stop asks twice and kills what is left after a second",
    async (name) => {
      await using volume = await Volume.create();
      await volume.addProfile('default', { intent: 'running', turn: 4_000, grace: 30 });
      await using container = await Container.boot(onS6Overlay(volume, {}, tree(name)));
      await untilReady(container);
      const answer = (await container.client()).say('s', 'nearly done');
      await expect.poll(() => readGatewayState({ home: volume.home() })?.active_agents).toBe(1);
      expect(await container.stop({ graceMs: 120_000 })).toMatchObject({ graceful: true });
      expect(await answer).toMatchObject({ status: 200, body: { reply: 'nearly done' } });
      expect(readGatewayState({ home: volume.home() })).toMatchObject({
        gateway_state: 'stopped',
        exit: { signal: 'SIGTERM', interrupted: 0 },
      });
    },
  );

  test("the unprivileged user controls our services, and not the logger of the tree's own output", async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot(onS6Overlay(volume, {}, { S6_LOGGING: '1' }));
    await expect.poll(() => container.logs).toContain(UP);
    const control = (service: string) => container.exec(['s6-svc', '-a', `/run/service/${service}`]);
    expect(await control('gateways')).toMatchObject({ code: 0 });
    expect((await control('s6-svscan-log')).stderr).toContain('Permission denied');
    expect((await control('s6-linux-init-shutdownd')).stderr).toContain('Permission denied');
  });

  test('a /run that was kept has no slot of a deleted profile after the boot', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('anna', { intent: 'stopped' });
    const kept = `#!/bin/sh
slot=/run/hermes/gateways/gateway-gone
mkdir -p "$slot"
printf '#!/bin/sh\\nexport HERMES_HOME=/opt/data HERMES_NOTIFY_FD=3\\nexec sleep 1000\\n' >"$slot/run"
chmod 755 "$slot/run"
chown -R hermes:hermes /run/hermes/gateways
`;
    await using container = await Container.boot(onS6Overlay(volume, { '/etc/cont-init.d/00-kept': kept }));
    await expect.poll(() => container.logs).toContain(UP);
    await expect.poll(async () => [...(await slots(container)).keys()].sort()).toEqual(['anna', 'default']);
    await expect
      .poll(() => container.logs)
      .toMatch(/profile=gone prior_state=None action=removed .*reason="its profile was deleted"/);
  });

  test('the hook raises the limits before they are compiled, and the doctor reads them where they are', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running', grace: 600 });
    const options = onS6Overlay(volume);
    await using container = await Container.boot(options);
    await untilReady(container);
    const [kill, down] = await limits(container);
    expect([kill?.ok, down]).toEqual([
      false,
      expect.objectContaining({
        ok: false,
        cure: expect.stringContaining('/etc/s6-overlay/s6-rc.d/gateways/timeout-down'),
      }),
    ]);
    await container.restart();
    await untilReady(container);
    await expect.poll(() => container.logs).toMatch(/a stop of the container may take 6\d\d s/);
    expect((await limits(container)).map(({ ok }) => ok)).toEqual([true, true]);
  });

  test('a stop during the boot does not wait for a volume that hangs', async () => {
    await using volume = await Volume.create();
    const hangs = '#!/bin/sh\n[ "$1" = reconcile ] || exit 0\necho hanging\nexec sleep 1000\n';
    await using container = await Container.create(onS6Overlay(volume, { '/usr/local/bin/hermes-s6': hangs }));
    container.launch();
    await expect.poll(() => container.logs).toContain('hanging');
    expect(await container.stop({ graceMs: 60_000 })).toMatchObject({ graceful: true });
    await expect.poll(() => container.logs).toContain('02-reconcile-profiles: the container is being stopped');
  });

  test('a limit on the boot scripts is reported', async () => {
    await using volume = await Volume.create();
    const env = { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: '30000' };
    await using container = await Container.boot(onS6Overlay(volume, {}, env));
    await expect.poll(() => container.logs).toContain('S6_CMD_WAIT_FOR_SERVICES_MAXTIME: expected 0, found 30000');
    expect(s6OverlaySettings()).toMatchObject({ S6_CMD_WAIT_FOR_SERVICES_MAXTIME: '0' });
  });

  test('a limit on the drain at the end is reported when it is too short', async () => {
    await using volume = await Volume.create();
    await volume.addProfile('default', { intent: 'running' });
    const env = { ...tree('root'), S6_KILL_FINISH_MAXTIME: '5000' };
    await using container = await Container.boot(onS6Overlay(volume, {}, env));
    await untilReady(container);
    await container.stop();
    await expect.poll(() => container.logs).toMatch(/S6_KILL_FINISH_MAXTIME: expected \d+ ms or more, found 5000/);
  });
});

interface Check {
  readonly check: string;
  readonly ok: boolean | null;
  readonly cure: string | null;
}

/** What the doctor says about the limits of the service of the gateways: `timeout-kill`, `timeout-down`. */
async function limits(container: Container): Promise<Check[]> {
  const { stdout } = await container.exec(['hermes-s6', 'doctor', '--json', '--stop-grace', '700']);
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] };
  return checks.filter(({ check }) => check.startsWith('gateways timeout-'));
}
