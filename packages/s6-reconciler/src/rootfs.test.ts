import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { DEFAULT_STOP_SECONDS } from './reconcile/stop-seconds.ts';
import { timeoutKillFile } from './slot/definition.ts';

const ROOTFS = fileURLToPath(new URL('../../../deploy/image/rootfs', import.meta.url));
const SERVICES = join(ROOTFS, 'etc/s6-overlay/s6-rc.d');
const noShellcheck = lacking('shellcheck', runs('shellcheck', '--version'));
const noDash = lacking('dash', runs('dash', '-c', ':'));
const SHEBANG = '#!/bin/sh\n';

const files = readdirSync(ROOTFS, { recursive: true, encoding: 'utf8' }).filter((path) =>
  lstatSync(join(ROOTFS, path)).isFile(),
);
const scripts = files.filter((path) => read(path).startsWith('#!'));
const services = readdirSync(join(SERVICES, 'user/contents.d'));

describe('the files that the image adds', () => {
  test('are programs of /bin/sh where they can be executed, and only there', () => {
    const executable = files.filter((path) => (lstatSync(join(ROOTFS, path)).mode & 0o111) !== 0);
    expect(executable.sort()).toEqual([...scripts].sort());
    expect(scripts.filter((path) => !read(path).startsWith(SHEBANG))).toEqual([]);
    expect(scripts.filter((path) => (lstatSync(join(ROOTFS, path)).mode & 0o777) !== 0o755)).toEqual([]);
  });

  test('hold no link', () => {
    const entries = readdirSync(ROOTFS, { recursive: true, encoding: 'utf8' });
    expect(entries.filter((path) => lstatSync(join(ROOTFS, path)).isSymbolicLink())).toEqual([]);
  });

  test('run their boot scripts in the order: set up, permissions, reconcile', () => {
    const order = readdirSync(join(ROOTFS, 'etc/cont-init.d')).sort();
    expect(order).toEqual(['01-hermes-setup', '015-supervise-perms', '02-reconcile-profiles']);
  });
});

describe.each([...scripts, 'usr/lib/hermes/environment.sh'])('%s', (script) => {
  const path = join(ROOTFS, script);
  const check = ['--shell=sh', '--external-sources', `--source-path=${ROOTFS}`];

  test.skipIf(noShellcheck)('has nothing that shellcheck objects to, nor what only bash understands', () => {
    expect(run('shellcheck', ...check, path)).toBe('');
  });

  test.skipIf(noDash)('is understood by dash', () => {
    expect(run('dash', '-n', path)).toBe('');
  });
});

describe.each(services)('the service %s', (service) => {
  const file = (name: string) => readFileSync(join(SERVICES, service, name), 'utf8');
  const number = (name: string) => Number(file(name));

  test('is a service directory of plain s6 and a definition of s6-rc', () => {
    expect(file('type')).toBe('longrun\n');
    expect(file('run')).toContain(SHEBANG);
    expect(file('finish')).toContain(SHEBANG);
    expect(existsSync(join(SERVICES, service, 'dependencies.d/base'))).toBe(true);
  });

  test('reports readiness on the descriptor that its program gets', () => {
    const fd = number('notification-fd');
    expect(file('run')).toMatch(new RegExp(`HERMES_NOTIFY_FD=${fd}\\b|s6-svscan -d ${fd}\\b`));
  });

  test('is given up later by s6-rc than it is killed by its supervisor', () => {
    expect(number('timeout-down')).toBeGreaterThan(number('timeout-kill'));
    expect(number('timeout-kill')).toBeGreaterThan(0);
  });
});

test('the gateways are given more time to drain than the slot of each has, unless it has said that it needs more', () => {
  const slot = Number(timeoutKillFile(DEFAULT_STOP_SECONDS).text);
  expect(Number(read('etc/s6-overlay/s6-rc.d/gateways/timeout-kill'))).toBeGreaterThan(slot);
});

function read(path: string): string {
  return readFileSync(join(ROOTFS, path), 'utf8');
}

/** What a checker prints. */
function run(command: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 });
  return stdout + stderr;
}
