import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Container } from './container.ts';
import { layer, staticService } from './layer.ts';
import { PidNamespace } from './processes.ts';
import { describeContainers } from './suite.ts';
import { Volume } from './volume.ts';

const BOOT_AND_WAIT = fileURLToPath(new URL('programs/boot-and-wait.ts', import.meta.url));

describeContainers('a container', () => {
  test('has s6 as PID 1 and its static services supervised when it has booted', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume });
    expect(readFileSync(container.path('/proc/1/comm'), 'utf8')).toBe('s6-svscan\n');
    expect((await container.exec(['s6-svok', '/run/service/gateways'])).code).toBe(0);
    expect((await container.exec(['s6-svok', '/run/service/dashboard'])).code).toBe(0);
  });

  test('runs commands as the unprivileged user with the environment of the image, and hands back what they did', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume, name: 'anna', env: { GREETING: 'hello' } });
    const script = 'id -u; pwd; hostname; echo $GREETING $HERMES_HOME $HOME; echo trouble >&2; exit 7';
    expect(await container.exec(['sh', '-c', script])).toEqual({
      code: 7,
      stdout: '10000\n/\nanna\nhello /opt/data /opt/data\n',
      stderr: 'trouble\n',
    });
    expect((await container.exec(['id', '-u'], { user: 'root' })).stdout).toBe('0\n');
  });

  test('sees the image and the volume, and of the machine neither the checkout nor what is temporary', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume });
    const look = async (...argv: string[]) => (await container.exec(argv, { user: 'root' })).code;
    expect(await look('test', '-e', process.cwd())).not.toBe(0);
    expect(await look('test', '-e', volume.path)).not.toBe(0);
    expect(await look('touch', '/opt/hermes/planted')).not.toBe(0);
    expect(await look('hermes-gateway', '--help')).toBe(0);
    expect(await look('touch', '/opt/data/planted', '/etc/planted')).toBe(0);
    expect(existsSync(join(volume.path, 'planted'))).toBe(true);
    expect(existsSync('/etc/planted')).toBe(false);
  });

  test('lets its services end by themselves when it is stopped', async () => {
    await using volume = await Volume.create();
    const run = `trap 'echo finished >/opt/data/result; exit 0' TERM\necho working\nwhile :; do sleep 0.05; done`;
    await using container = await Container.boot({ volume, layer: layer(staticService('worker', run)) });
    await expect.poll(() => container.logs).toContain('working');
    expect(await container.stop()).toEqual({ code: 0, signal: null, graceful: true });
    expect(readFileSync(join(volume.path, 'result'), 'utf8')).toBe('finished\n');
    await expect.poll(() => container.logs).toContain('init: all services are down');
  });

  test('is killed when the grace is over', async () => {
    await using volume = await Volume.create();
    const run = `trap '' TERM\necho stubborn\nwhile :; do sleep 0.05; done`;
    await using container = await Container.boot({ volume, layer: layer(staticService('worker', run)) });
    await expect.poll(() => container.logs).toContain('stubborn');
    expect(await container.stop({ graceMs: 300 })).toMatchObject({ graceful: false });
  });

  test('ends with 143 at once when it is stopped before it has booted', async () => {
    await using volume = await Volume.create();
    const slow = layer({ '/etc/cont-init.d/00-slow': '#!/bin/sh\necho slow\nexec sleep 1000\n' });
    await using container = await Container.create({ volume, layer: slow });
    container.launch();
    await expect.poll(() => container.logs).toContain('slow');
    expect(await container.stop()).toEqual({ code: 143, signal: null, graceful: true });
  });

  test('is another boot after a restart: the volume is the same, PID 1 and /run are not', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume });
    const before = container.startTime();
    await container.exec(['touch', '/opt/data/kept', '/run/hermes/gateways/lost']);
    expect(await container.restart()).toMatchObject({ graceful: true });
    expect(container.startTime()).not.toBe(before);
    expect((await container.exec(['test', '-e', '/opt/data/kept'])).code).toBe(0);
    expect((await container.exec(['test', '-e', '/run/hermes/gateways/lost'])).code).not.toBe(0);
  });

  test('leaves no process when the plug is pulled', async () => {
    await using volume = await Volume.create();
    await using container = await Container.boot({ volume, dashboard: true });
    using namespace = new PidNamespace(container.pid);
    expect(namespace.processes().length).toBeGreaterThan(1);
    await container.pullThePlug();
    expect(namespace.processes()).toEqual([]);
    expect(container.running).toBe(false);
  });

  test('leaves nothing when the process that booted it is killed', async () => {
    const holder = spawn(process.execPath, [BOOT_AND_WAIT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { pid, volume } = JSON.parse(String((await once(holder.stdout, 'data'))[0]));
    expect(existsSync(volume)).toBe(true);
    using namespace = new PidNamespace(pid);
    expect(namespace.processes()).toContain(pid);
    holder.kill('SIGKILL');
    await expect.poll(() => namespace.processes()).toEqual([]);
    await expect.poll(() => existsSync(volume)).toBe(false);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(volume);
  });

  test('shares a volume with another one, and nothing else', async () => {
    await using volume = await Volume.create();
    await using one = await Container.boot({ volume, name: 'one' });
    await using two = await Container.boot({ volume, name: 'two' });
    await one.exec(['touch', '/opt/data/shared', '/tmp/own', '/run/hermes/gateways/own']);
    expect((await two.exec(['test', '-e', '/opt/data/shared'])).code).toBe(0);
    expect((await two.exec(['test', '-e', '/tmp/own'])).code).not.toBe(0);
    expect((await two.exec(['test', '-e', '/run/hermes/gateways/own'])).code).not.toBe(0);
    using namespace = new PidNamespace(one.pid);
    expect(namespace.processes()).not.toContain(two.pid);
    await one.pullThePlug();
    expect((await two.exec(['s6-svok', '/run/service/gateways'])).code).toBe(0);
  });

  test('says why when it cannot boot', async () => {
    await using volume = await Volume.create();
    const broken = layer({ '/usr/lib/hermes/init': '#!/bin/sh\necho no way\nexit 1\n' });
    await expect(Container.boot({ volume, layer: broken })).rejects.toThrow(/ended while it booted:\n[\s\S]*no way/);
  });
});
