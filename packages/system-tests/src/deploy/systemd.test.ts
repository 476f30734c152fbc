import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { drives } from '../platforms/drives.ts';

drives('systemd', '`systemd-analyze verify` of the units', { systemd: 'systemd-analyze --version' });

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const DEPLOY = join(CHECKOUT, 'deploy/systemd');
const GATEWAY = join(CHECKOUT, 'apps/gateway/bin/hermes-gateway.js');
const FILES = [
  'etc/systemd/system/hermes-gateway@.service',
  'etc/sysusers.d/hermes.conf',
  'etc/systemd/system/hermes-dashboard.service',
  'etc/polkit-1/rules.d/50-hermes-dashboard.rules',
];
const hasNoSystemd = lacking(
  'systemd-analyze and systemd-sysusers (Debian: systemd)',
  runs('systemd-analyze', '--version'),
);
const isNotRoot = lacking('root, since an installation is one for the machine', isRoot());

function service(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [GATEWAY, 'service', ...words], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env['PATH'], HOME: temporaryDirectory() },
  });
  return { code: status, stdout, stderr };
}

/** What `systemd-analyze verify` says about units whose programs are there. */
function verify(root: string, ...units: string[]): string {
  const bin = join(root, 'usr/local/bin');
  mkdirSync(bin, { recursive: true });
  for (const program of ['hermes-gateway', 'hermes-dashboard']) {
    writeFileSync(join(bin, program), '#!/bin/sh\n');
    chmodSync(join(bin, program), 0o755);
  }
  // Beside ours, it loads what they need.
  cpSync('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true });
  const words = ['verify', `--root=${root}`, '--man=no', '--recursive-errors=one', ...units];
  const { status, stdout, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8', timeout: 60_000 });
  return `${status}\n${stdout}${stderr}`;
}

describe.skipIf(hasNoSystemd)('the files of deploy/systemd', () => {
  it('are units that systemd accepts', () => {
    const root = temporaryDirectory();
    const units = join(root, 'etc/systemd/system');
    mkdirSync(units, { recursive: true });
    for (const unit of ['hermes-gateway@.service', 'hermes-dashboard.service'])
      cpSync(join(DEPLOY, unit), join(units, unit));
    expect(verify(root, 'hermes-gateway@default.service', 'hermes-dashboard.service')).toBe('0\n');
  });

  it('are checked by something that finds a mistake', () => {
    const root = temporaryDirectory();
    const unit = join(root, 'etc/systemd/system/hermes-dashboard.service');
    mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
    writeFileSync(
      unit,
      readFileSync(join(DEPLOY, 'hermes-dashboard.service'), 'utf8').replace('KillMode=', 'KilMode='),
    );
    expect(verify(root, 'hermes-dashboard.service')).toContain("Unknown key 'KilMode'");
  });
});

describe.skipIf(hasNoSystemd || isNotRoot)('an installation in another root', () => {
  it('writes the files of deploy/systemd, makes the user, and removes them again', () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'etc'));
    const planned = service('install', '--dashboard', '--root', root, '--dry-run');
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('KillMode=mixed') });
    expect(existsSync(join(root, 'etc/systemd'))).toBe(false);

    expect(service('install', '--dashboard', '--root', root)).toMatchObject({ code: 0, stderr: '' });
    for (const file of FILES) {
      const deployed = join(DEPLOY, file.slice(file.lastIndexOf('/') + 1));
      expect(readFileSync(join(root, file), 'utf8')).toBe(readFileSync(deployed, 'utf8'));
      expect(statSync(join(root, file)).mode & 0o777).toBe(0o644);
    }
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toContain('hermes:x:');
    expect(verify(root, 'hermes-gateway@default.service')).toBe('0\n');

    const again = JSON.parse(service('install', '--dashboard', '--root', root, '--json').stdout);
    expect(again.files.map(({ action }: { action: string }) => action)).toEqual(['keep', 'keep', 'keep', 'keep']);
    expect(service('uninstall', '--root', root)).toMatchObject({ code: 0 });
    expect(FILES.filter((file) => existsSync(join(root, file)))).toEqual([]);
  });

  it('refuses a file that was changed by hand, and changes nothing', () => {
    const root = temporaryDirectory();
    const unit = join(root, 'etc/systemd/system/hermes-gateway@.service');
    mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
    writeFileSync(unit, '[Service]\nExecStart=/mine\n');
    expect(service('install', '--root', root)).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/hermes-gateway@\.service: changed by hand, nothing was done.*--force/),
    });
    expect(existsSync(join(root, 'etc/sysusers.d'))).toBe(false);
    expect(readFileSync(unit, 'utf8')).toBe('[Service]\nExecStart=/mine\n');
    expect(service('install', '--root', root, '--force')).toMatchObject({ code: 0 });
  });

  it.each([
    ['--run-as', 'root', 78],
    ['--run-as', 'a b', 78],
    ['--home', '/srv/a\nUser=root', 78],
  ])('refuses %s %j', (option, value, code) => {
    const root = temporaryDirectory();
    expect(service('install', '--root', root, option, value).code).toBe(code);
    expect(existsSync(join(root, 'etc'))).toBe(false);
  });

  it('of a home elsewhere has a unit that systemd accepts', () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'etc'));
    const home = '/home/some one/50%/$agents';
    expect(service('install', '--root', root, '--home', home, '--run-as', 'agents')).toMatchObject({ code: 0 });
    expect(verify(root, 'hermes-gateway@default.service')).toBe('0\n');
  });
});
