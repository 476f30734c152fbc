import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { Container } from './container.ts';
import { layer, staticService } from './layer.ts';
import { describeContainers } from './suite.ts';
import { Volume } from './volume.ts';

drives('image-in-namespaces', 'boot as PID 1, the first stage, services of the image, both supervision trees', {
  s6: 'dpkg-query -W s6',
  Node: 'node --version',
});

/** Stands in for hermes-s6: what is tested here is what the image's scripts ask of it, and make of its end. */
function command(script: string): string {
  return layer({ '/usr/local/bin/hermes-s6': `#!/bin/sh\n${script}\n` });
}

async function ready(container: Container, service: string): Promise<void> {
  await expect.poll(() => flags(container, `/run/service/${service}`, 'up,ready')).toBe('true true');
}

async function flags(container: Container, service: string, names: string): Promise<string> {
  const { stdout } = await container.exec(['s6-svstat', '-o', names, service]);
  return stdout.trim();
}

describeContainers('the image', () => {
  test('runs its first stage in the order of the C locale, before any service', async () => {
    await using volume = await Volume.create();
    const say = (word: string) => `#!/bin/sh\necho stage-${word}\n`;
    const files = {
      '/etc/cont-init.d/Zebra': say('2'),
      '/etc/cont-init.d/10-first': say('1'),
      '/etc/cont-init.d/a-last': say('3'),
      '/etc/cont-init.d/.hidden': say('never'),
      ...staticService('worker', 'echo stage-service\nexec sleep 1000'),
    };
    await using container = await Container.boot({ volume, layer: layer(files) });
    await expect.poll(() => container.logs).toContain('stage-service');
    expect([...container.logs.matchAll(/stage-(\w+)/g)].map((match) => match[1])).toEqual(['1', '2', '3', 'service']);
  });

  test('boots on when a script of its first stage fails, and says which', async () => {
    await using volume = await Volume.create();
    const files = { '/etc/cont-init.d/05-broken': '#!/bin/sh\nexit 9\n' };
    await using container = await Container.boot({ volume, layer: layer(files) });
    await expect
      .poll(() => container.logs)
      .toContain('/etc/cont-init.d/05-broken ended with 9; the container boots on');
  });

  test('boots on when the reconcile fails, and says so loudly', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume, layer: command('echo it broke >&2; exit 3') });
    await expect
      .poll(() => container.logs)
      .toMatch(/it broke[\s\S]*hermes-s6 reconcile failed with 3[\s\S]*NO GATEWAY WAS BROUGHT BACK/);
    await ready(container, 'gateways');
  });

  test("reconciles as the unprivileged user, into that user's own tree", async () => {
    await using volume = await Volume.create();
    const record = '[ "$1" != reconcile ] || echo "$(id -u):$(id -G) $*" >>/opt/data/calls';
    await using container = await Container.boot({ volume, layer: command(record) });
    expect(readFileSync(join(volume.path, 'calls'), 'utf8')).toBe(
      '10000:10000 reconcile --home /opt/data --scandir /run/hermes/gateways\n',
    );
    await ready(container, 'gateways');
    const owners = await container.exec(['ps', '-C', 's6-svscan', '-o', 'user:10=,args=']);
    expect(owners.stdout.trimEnd().split('\n')).toEqual([
      'root       s6-svscan -t 0 -c 500 /run/service',
      'hermes     s6-svscan -d 3 -t 0 -c 500 /run/hermes/gateways',
    ]);
  });

  test('with HERMES_GATEWAY_TREE=root reconciles as root into the tree of PID 1, and has no other tree', async () => {
    await using volume = await Volume.create();
    const record = 'echo "$(id -u) $* $S6_PROFILE_GATEWAY_SCANDIR" >>/run/calls';
    const env = { HERMES_GATEWAY_TREE: 'root', HERMES_MAX_GATEWAYS: '700' };
    await using container = await Container.boot({ volume, env, layer: command(record) });
    expect(readFileSync(container.path('/run/calls'), 'utf8').split('\n')).toEqual([
      '0 fix-static-perms --scandir /run/service /run/service',
      '0 reconcile --home /opt/data --scandir /run/service /run/service',
      '',
    ]);
    const look = () => container.exec(['s6-svstat', '-o', 'up,wantedup', '/run/service/gateways'], { user: 'root' });
    await expect.poll(async () => (await look()).stdout).toBe('false false\n');
    expect(readFileSync(container.path('/proc/1/cmdline'), 'utf8').split('\0')).toContain('710');
  });

  test('runs as an unprivileged user from PID 1 on', async () => {
    await using volume = await Volume.create();
    // Nobody in this container may change the volume's owner.
    await volume.addProfile();
    await using container = await Container.boot({ volume, user: 'hermes', dashboard: true });
    await ready(container, 'gateways');
    await ready(container, 'dashboard');
    expect((await container.exec(['ps', '-u', 'root', '-o', 'pid='])).stdout).toBe('');
    expect(await container.stop()).toMatchObject({ code: 0, graceful: true });
  });

  test('raises the limits of the gateways over the longest of theirs', async () => {
    await using volume = await Volume.create();
    const slot =
      '[ "$1" = reconcile ] || exit 0; mkdir /run/hermes/gateways/gateway-slow; echo 600000 >/run/hermes/gateways/gateway-slow/timeout-kill';
    await using container = await Container.boot({ volume, layer: command(slot) });
    expect(readFileSync(container.path('/run/service/gateways/timeout-kill'), 'utf8')).toBe('615000\n');
    expect(readFileSync(container.path('/run/service/gateways/timeout-down'), 'utf8')).toBe('630000\n');
    await expect.poll(() => container.logs).toContain('a stop of the container may take 630 s');
  });

  test('removes the services of the boot before where /run was kept', async () => {
    await using volume = await Volume.create();
    const ghost = '#!/bin/sh\necho boo\nexec sleep 1000\n';
    const files = {
      '/run/service/ghost/run': ghost,
      '/run/hermes/gateways/gateway-ghost/run': ghost,
      '/etc/cont-init.d/99-look': '#!/bin/sh\nls /run/service /run/hermes/gateways\n',
    };
    await using container = await Container.boot({ volume, layer: layer(files) });
    await ready(container, 'gateways');
    await expect.poll(() => container.logs).toContain('gateway-default');
    expect(container.logs).not.toMatch(/ghost|boo/);
  });

  test('refuses a scan directory on the volume, where a link could lead root astray', async () => {
    await using volume = await Volume.create();
    symlinkSync('/etc', join(volume.path, 'linked'));
    const env = { S6_PROFILE_GATEWAY_SCANDIR: '/opt/data/linked/gateways' };
    await using container = await Container.boot({ volume, env });
    await expect
      .poll(() => container.logs)
      .toContain('S6_PROFILE_GATEWAY_SCANDIR: expected a directory outside of /opt/data');
    expect(existsSync(container.path('/etc/gateways'))).toBe(false);
  });

  test('refuses a number of gateways that is none, and takes the default', async () => {
    await using volume = await Volume.create();
    const env = { HERMES_MAX_GATEWAYS: '12 --help' };
    await using container = await Container.boot({ volume, env });
    await expect
      .poll(() => container.logs)
      .toContain("HERMES_MAX_GATEWAYS: expected a whole number above 0, found '12 --help'");
    await ready(container, 'gateways');
  });
});

describeContainers('the health check of the image', () => {
  const check = (container: Container) => container.exec(['/usr/lib/hermes/healthcheck'], { user: 'root' });

  test('passes while what is meant to run is up, whatever was stopped', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume, dashboard: true });
    await ready(container, 'dashboard');
    await ready(container, 'gateways');
    expect(await check(container)).toMatchObject({ code: 0, stdout: '' });
    await container.exec(['s6-svc', '-d', '/run/service/dashboard']);
    await expect.poll(() => flags(container, '/run/service/dashboard', 'up,wantedup')).toBe('false false');
    expect(await check(container)).toMatchObject({ code: 0, stdout: '' });
  });

  test('fails while one is down that is meant to be up, and names it', async () => {
    await using volume = await Volume.create();
    const files = staticService('dashboard', 'exec sleep 1000');
    const finish = { '/etc/s6-overlay/s6-rc.d/dashboard/finish': '#!/bin/sh\nexec sleep 1000\n' };
    const slow = { '/etc/s6-overlay/s6-rc.d/dashboard/timeout-finish': '0\n' };
    await using container = await Container.boot({
      volume,
      dashboard: true,
      layer: layer({ ...files, ...finish, ...slow }),
    });
    await ready(container, 'gateways');
    await expect.poll(() => flags(container, '/run/service/dashboard', 'up')).toBe('true');
    await container.exec(['s6-svc', '-k', '/run/service/dashboard']);
    await expect.poll(() => flags(container, '/run/service/dashboard', 'up,wantedup')).toBe('false true');
    expect(await check(container)).toMatchObject({
      code: 1,
      stdout: '/run/service/dashboard: expected to be up, found down\n',
    });
  });
});

describeContainers('the dashboard of the image', () => {
  const DASHBOARD = '/run/service/dashboard';

  test('is down when it was not asked for', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume });
    await expect.poll(() => flags(container, DASHBOARD, 'up,wantedup,normallyup')).toBe('false false true');
    expect(container.logs.match(/dashboard: off/g)).toHaveLength(1);
  });

  test('is up and ready when asked for, comes back after a crash, and can be controlled by the unprivileged user', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume, dashboard: true });
    await ready(container, 'dashboard');
    expect((await fetch(`${container.dashboardUrl}/livez`)).status).toBe(200);
    const before = await flags(container, DASHBOARD, 'pid');
    await container.exec(['s6-svc', '-k', DASHBOARD]);
    await expect.poll(() => flags(container, DASHBOARD, 'pid')).not.toBe(before);
    await ready(container, 'dashboard');
    await container.exec(['s6-svc', '-d', DASHBOARD]);
    await expect.poll(() => flags(container, DASHBOARD, 'up,wantedup')).toBe('false false');
  });

  test('stays down when its configuration is refused', async () => {
    await using volume = await Volume.create();
    const env = { HERMES_DASHBOARD_DRAIN_SECRET: 'weak' };
    await using container = await Container.boot({ volume, dashboard: true, env });
    await expect.poll(() => flags(container, DASHBOARD, 'up,wantedup,exitcode')).toBe('false false 78');
    await expect.poll(() => container.logs).toContain('dashboard: its configuration has to be changed first');
  });
});

describeContainers("the unprivileged user of the image's default tree", () => {
  test('can write nothing of what root reads or runs, but commands to the supervisors', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume, dashboard: true });
    const roots = ['/run', '/etc', '/opt', '/usr/local', '/usr/lib/hermes'];
    const notOurs = ['-path', '/run/hermes/gateways', '-prune', '-o', '-path', '/opt/data', '-prune', '-o'];
    const found = await container.exec(['find', ...roots, ...notOurs, '-writable', '!', '-type', 'l', '-print']);
    expect(found.stdout.trimEnd().split('\n').sort()).toEqual([
      '/run/service/dashboard/supervise/control',
      '/run/service/gateways/supervise/control',
    ]);
  });

  test('cannot have root write through a link that lies where a supervisor writes', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume, dashboard: true });
    const shadow = readFileSync(container.path('/etc/shadow'), 'utf8');
    for (const place of ['supervise/status.new', 'supervise/death_tally.new', 'event/ftrig1', 'data', 'log']) {
      const link = `/run/service/dashboard/${place}`;
      expect((await container.exec(['ln', '-s', '/etc/shadow', link])).stderr).toContain('Permission denied');
    }
    await container.exec(['s6-svc', '-k', '/run/service/dashboard']);
    await ready(container, 'dashboard');
    expect(readFileSync(container.path('/etc/shadow'), 'utf8')).toBe(shadow);
  });

  test('cannot turn a volume that root owns against root', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume });
    await container.exec(['ln', '-s', '/etc', '/opt/data/logs']);
    await container.exec(['ln', '-s', '/etc/shadow', '/opt/data/gateway_state.json']);
    await container.restart();
    const { stdout } = await container.exec(['find', '/etc', '-user', 'hermes'], { user: 'root' });
    expect(stdout).toBe('');
    expect(existsSync(container.path('/etc/container-boot.log'))).toBe(false);
  });
});
