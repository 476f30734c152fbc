import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../testing/gateway-process.ts';
import { runCommand } from '../testing/run-command.ts';

const STATE = JSON.stringify({
  kind: 'hermes-gateway',
  gateway_state: 'stopped',
  desired_state: 'running',
  code_sha: 'x',
});
const THEIR_CONFIG = 'model: {default: some-model}\nagent: {max_turns: 90}\n';

/** A home that a gateway of the reference system has served. */
function referenceHome(files: Readonly<Record<string, string>> = {}): string {
  const home = temporaryDirectory();
  const all = { 'gateway_state.json': STATE, 'config.yaml': THEIR_CONFIG, '.env': 'TOKEN=of-theirs\n', ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(home, name), text);
  return home;
}

const OUR_CONFIG = 'api_server: {port: 0}\nagent: {kind: echo}\n';
const textOf = (home: string, name: string) => readFileSync(join(home, name), 'utf8');
const migrate = (home: string, ...args: string[]) => runCommand(['migrate', ...args], { HERMES_HOME: home });

describe('hermes-gateway migrate', () => {
  it('asks for settings of its own, which init writes beside those of the reference system', () => {
    const home = referenceHome();
    const before = readdirSync(home);
    const { code, stdout } = migrate(home);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/cannot be migrated yet\n {2}to mend: the settings/)]);
    expect(readdirSync(home)).toEqual(before);
    expect(runCommand(['init', '--beside', '-p', 'default'], { HERMES_HOME: home }).stdout).toContain(
      `created ${join(home, 'gateway.yaml')}`,
    );
    expect(textOf(home, 'config.yaml')).toBe(THEIR_CONFIG);
    expect(migrate(home).stdout).toMatch(/expected a section "agent", found none/);
    expect(runCommand(['init', '--beside', home])).toMatchObject({ code: 1 });
  });

  it('takes a home over, where the gateway then answers, and gives it back', async () => {
    const home = referenceHome({ 'gateway.yaml': OUR_CONFIG });
    expect(migrate(home, '--check')).toMatchObject({ code: 0, stdout: expect.stringMatching(/can be migrated/) });
    expect(existsSync(join(home, '.migration.json'))).toBe(false);
    const { code, stdout } = migrate(home, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { direction: 'forward', done: true, profiles: [{ profile: 'default', desired: 'running', obstacles: [] }] },
    ]);
    expect(JSON.parse(stdout).commands).toEqual(['hermes-gateway run', 'hermes-gateway doctor']);
    expect(textOf(home, 'gateway_state.json')).toBe(STATE);
    expect(migrate(home)).toMatchObject({ code: 0, stdout: 'default: is migrated already; nothing to change\n' });
    const gateway = await startGateway({ home });
    expect(migrate(home, '--back')).toMatchObject({ code: 78, stderr: expect.stringContaining('nothing was changed') });
    gateway.kill('SIGTERM');
    await gateway.exited;
    expect(migrate(home, '--back')).toMatchObject({ code: 0, stdout: expect.stringMatching(/given back\n/) });
    expect(JSON.parse(textOf(home, 'gateway_state.json'))).toMatchObject({ desired_state: 'running', code_sha: 'x' });
    expect(existsSync(join(home, 'desired_state.json'))).toBe(false);
    expect(textOf(home, '.env')).toBe('TOKEN=of-theirs\n');
    expect(migrate(home, '--back').stdout).toMatch(/is given back already/);
  });

  it('changes all profiles or none', () => {
    const home = referenceHome({ 'gateway.yaml': OUR_CONFIG });
    const profile = join(home, 'profiles/a');
    mkdirSync(profile, { recursive: true });
    for (const [name, text] of Object.entries({
      'SOUL.md': '',
      'config.yaml': THEIR_CONFIG,
      'gateway_state.json': STATE,
    }))
      writeFileSync(join(profile, name), text);
    const { code, stdout } = migrate(home, '--all-profiles');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^default: can be migrated\n(.*\n)*a: cannot be migrated/),
    ]);
    expect(existsSync(join(home, '.migration.json'))).toBe(false);
    writeFileSync(join(profile, 'gateway.yaml'), OUR_CONFIG);
    expect(migrate(home, '--all-profiles')).toMatchObject({ code: 0 });
    expect([home, profile].map((path) => existsSync(join(path, '.migration.json')))).toEqual([true, true]);
  });

  it.each([
    [['--force'], /expected --force with --back/],
    [['--all-profiles', '-p', 'a'], /found both/],
  ])('refuses %j', (args, message) => {
    expect(migrate(temporaryDirectory(), ...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});
