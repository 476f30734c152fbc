import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBootLog } from '@hermes/s6-reconciler';
import { isRoot, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { contentOf, STATE } from './over-python.ts';
import { lacksPython, runReference, startReferenceGateway } from './stand-in.ts';

const HERMES_S6 = fileURLToPath(new URL('../../../s6-reconciler/bin/hermes-s6.js', import.meta.url));

/** A profile with the state that its gateway left. */
function addProfile(root: string, name: string, state: string | object): string {
  const home = join(root, 'profiles', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'SOUL.md'), '');
  writeFileSync(join(home, STATE), typeof state === 'string' ? state : JSON.stringify(state));
  return home;
}

/** Our boot. @returns what it printed. */
function boot(home: string, scandir: string): string {
  const args = [HERMES_S6, 'reconcile', '--home', home, '--scandir', scandir];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, HERMES_HOME: home, ...(isRoot() ? { HERMES_USER: '0:0' } : {}) },
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`hermes-s6 reconcile ended with ${status}: ${stderr}`);
  return stdout;
}

describe.skipIf(lacksPython)('a boot of ours on a volume of the reference system', () => {
  it('starts what was to run, and says for each profile how it ended and why', async () => {
    const [home, scandir] = [temporaryDirectory(), temporaryDirectory()];
    addProfile(home, 'wanted', { gateway_state: 'stopped', desired_state: 'running', exit_reason: null });
    addProfile(home, 'large', JSON.stringify({ gateway_state: 'running', code: 'x'.repeat(70_000) }));
    addProfile(home, 'nan', '{"gateway_state":"running","load":NaN}');
    addProfile(home, 'worker', {});
    const gateway = await startReferenceGateway({ home, profile: 'worker' });
    await gateway.kill('SIGTERM');
    const linked = addProfile(home, 'linked', {});
    rmSync(join(linked, STATE));
    symlinkSync(join(home, 'profiles/wanted', STATE), join(linked, STATE));
    const printed = boot(home, scandir);
    const lineOf = (name: string) => printed.split('\n').find((line) => line.includes(`profile=${name} `));
    expect(lineOf('wanted')).toMatch(/action=started desired=running reason="desired_state in gateway_state.json"/);
    expect(lineOf('worker')).toMatch(/prior_state=running action=started prior_exit=signal/);
    expect(lineOf('large')).toMatch(/action=registered .*gateway_state.json is larger than 64 KiB/);
    expect(lineOf('linked')).toMatch(/action=registered .*gateway_state.json is a link/);
    expect(lineOf('nan')).toMatch(/action=registered .*gateway_state.json is not a JSON object/);
    expect(readBootLog({ home, profile: 'worker' })).toMatchObject([{ action: 'started', prior_exit: 'signal' }]);
    expect(contentOf(join(home, 'profiles/worker'), 'desired_state.json')).toMatchObject({ desired_state: 'running' });
  });

  it('reads the lines of the boots before', () => {
    const home = temporaryDirectory();
    addProfile(home, 'a', { gateway_state: 'draining', exit_reason: 'crash' });
    expect(runReference({ home }, 'boot', '--scandir', temporaryDirectory()).status).toBe(0);
    expect(readBootLog({ home, profile: 'a' })).toMatchObject([
      { prior_state: 'draining', action: 'started', prior_exit: 'crash', desired: null, reason: null },
    ]);
  });

  it('starts no gateway beside one that serves all profiles', () => {
    const [home, scandir] = [temporaryDirectory(), temporaryDirectory()];
    addProfile(home, 'a', { gateway_state: 'running' });
    writeFileSync(join(home, 'config.yaml'), 'multiplex_profiles: true\n');
    const reason = /profile=a prior_state=running action=registered .*remove multiplex_profiles/;
    expect(boot(home, scandir)).toMatch(reason);
    expect(existsSync(join(scandir, 'gateway-a/down'))).toBe(true);
    expect(existsSync(join(home, 'profiles/a/desired_state.json'))).toBe(false);
    writeFileSync(join(home, 'config.yaml'), 'multiplex_profiles: false\n');
    expect(boot(home, temporaryDirectory())).toMatch(/profile=a prior_state=running action=started/);
    expect(readFileSync(join(home, 'logs/container-boot.log'), 'utf8').trim().split('\n')).toHaveLength(4);
  });
});
