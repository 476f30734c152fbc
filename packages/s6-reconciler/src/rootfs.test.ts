import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
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

describe('the services of an image on s6-overlay', () => {
  const layout = join(ROOTFS, 'usr/lib/hermes/s6-overlay-layout');
  const names = (root: string, bundle: string) =>
    readdirSync(join(root, 'etc/s6-overlay', bundle, 'user/contents.d')).sort();
  const copy = () => {
    const root = temporaryDirectory();
    cpSync(ROOTFS, root, { recursive: true });
    return root;
  };

  test('are listed in s6-rc.d where that version knows nothing else', () => {
    const root = copy();
    expect(run(layout, root)).toBe('');
    expect(names(root, 's6-rc.d')).toEqual(services);
  });

  test('are listed in user-bundles.d where there is one, and then only there', () => {
    const root = copy();
    const bundle = join(root, 'etc/s6-overlay/user-bundles.d/user');
    mkdirSync(join(bundle, 'contents.d'), { recursive: true });
    writeFileSync(join(bundle, 'contents.d/theirs'), '');
    expect(run(layout, root) + run(layout, root)).toBe('');
    expect(names(root, 'user-bundles.d')).toEqual([...services, 'theirs']);
    expect(readFileSync(join(bundle, 'type'), 'utf8')).toBe('bundle\n');
    expect(existsSync(join(root, 'etc/s6-overlay/s6-rc.d/user'))).toBe(false);
  });
});

describe('s6-svscan is asked which option limits its services', () => {
  /** A stand-in that knows these options, and refuses others as the real one does. */
  const limit = (...known: string[]) => {
    const bin = temporaryDirectory();
    const program = `#!/bin/sh\ncase $1 in ${known.join('|') || '-'}) exit 111 ;; *) exit 100 ;; esac\n`;
    writeFileSync(join(bin, 's6-svscan'), program, { mode: 0o755 });
    const script = `. ${ROOTFS}/usr/lib/hermes/environment.sh; services_limit 30`;
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    return spawnSync('sh', ['-c', script], { encoding: 'utf8', timeout: 120_000, env });
  };

  test.each([
    [['-c'], '-c 30\n'],
    [['-c', '-C'], '-c 30\n'],
    [['-C'], '-C 60\n'],
    [[], ''],
  ])('%j', (known, option) => {
    const { stdout, stderr } = limit(...known);
    expect(stdout).toBe(option);
    expect(stderr === '').toBe(option !== '');
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
