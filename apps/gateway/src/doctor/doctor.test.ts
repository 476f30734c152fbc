import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { BIN } from '../testing/gateway-process.ts';
import { cannotMount } from '../testing/volumes.ts';

function doctor(home: string, ...args: string[]) {
  const env = { PATH: process.env.PATH, HERMES_HOME: home, API_SERVER_PORT: '0' };
  const { status, stdout } = spawnSync(process.execPath, [BIN, 'doctor', ...args], { encoding: 'utf8', env });
  return { code: status, lines: stdout.trim().split('\n') };
}

function home(config: string, files: Record<string, string> = {}): string {
  const directory = temporaryDirectory();
  for (const [name, text] of Object.entries({ 'config.yaml': config, ...files }))
    writeFileSync(join(directory, name), text);
  return directory;
}

it('finds nothing to mend in a home that a gateway can start in', () => {
  expect(doctor(home(''))).toEqual({
    code: 0,
    lines: [
      'ok   default: configuration: valid',
      expect.stringMatching(/^ok {3}default: home: \S+ can be changed by this user$/),
      // These tests may run as root.
      expect.stringMatching(/^(ok {3}|warn )default: owner: /),
      expect.stringMatching(/^ok {3}default: clock: \S+, not before the files of the home$/),
      'ok   default: API key: not set, and not needed on 127.0.0.1',
      'ok   default: port: any free port',
      'ok   default: disk: 512 bytes were written, flushed and removed, and a file was locked',
      expect.stringMatching(/default: home mount: /),
      expect.stringMatching(/default: home space: /),
      expect.stringMatching(/default: home locks: /),
      'ok   default: mounted files: none of those that are replaced',
      expect.stringMatching(/^ok {3}default: locks: free: no gateway has made /),
      '?    default: journal: no gateway has used it yet',
      '?    default: gateway: no gateway has run yet',
      'ok   default: agent: echo: part of the gateway',
      'ok   default: isolation of the agent: not needed for the agent "echo"',
    ],
  });
});

it('names no account that this machine does not have', () => {
  const owner = doctor(home('')).lines.find((line) => line.includes('default: owner: '));
  const account = /chown -R (\S+)/.exec(owner ?? '')?.[1];
  const isThere = account === undefined || spawnSync('id', [account], { timeout: 30_000 }).status === 0;
  expect(isThere, owner).toBe(true);
});

/** The user to whom doctor gives a home of root on a machine with systemd, if any. @param systemctl what that does */
function accountBesideUnit(systemctl: string): string | undefined {
  const machine = temporaryDirectory();
  mkdirSync(join(machine, 'systemd/user'), { recursive: true });
  writeFileSync(join(machine, 'systemd/user/hermes-gateway@.service'), '');
  writeFileSync(join(machine, 'systemctl'), `#!/bin/sh\n${systemctl}\n`, { mode: 0o755 });
  const script = 'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec "$@"';
  const words = ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', process.execPath, BIN, 'doctor'];
  const PATH = `${machine}:${process.env.PATH}`;
  const env = { PATH, HERMES_HOME: home(''), API_SERVER_PORT: '0', SUDO_USER: 'daemon', XDG_CONFIG_HOME: machine };
  const { stdout } = spawnSync('unshare', words, { encoding: 'utf8', env, timeout: 60_000 });
  const owner = stdout.split('\n').find((line) => line.includes('default: owner: '));
  expect(owner).toContain('the home belongs to root');
  return /chown -R (\S+)/.exec(owner ?? '')?.[1];
}

it.skipIf(cannotMount())('gives a home that a unit serves to the user of the unit, and not to who called sudo', () => {
  const unit = (user: string) =>
    `printf 'Id=hermes-gateway@default.service\\nLoadState=loaded\\n${user}Environment=HERMES_HOME=%s\\n' "$HERMES_HOME"`;
  expect(accountBesideUnit(unit(''))).toBe('daemon');
  expect(accountBesideUnit(unit('User=bin\\n'))).toBe('bin');
  expect(accountBesideUnit(unit('User=in-a-directory\\n'))).toBeUndefined();
  expect(accountBesideUnit('echo Failed to connect to bus >&2; exit 1')).toBeUndefined();
});

it('says what is wrong with the configuration, and why the gateway has not started, without its escapes', () => {
  const state = {
    gateway_state: 'startup_failed',
    exit: { at: '', signal: null, code: 78, reason: 'no \u001b[2J', interrupted: 0 },
  };
  const { code, lines } = doctor(home('agent: {kind: none}', { 'gateway_state.json': JSON.stringify(state) }));
  expect(code).toBe(1);
  expect(lines[0]).toMatch(/^FAIL default: configuration: .*config.yaml: line 1: agent.kind: expected/);
  expect(lines.find((line) => line.includes('default: gateway'))).toMatch(
    /^FAIL default: gateway: startup_failed: no \S*\[2J$/,
  );
  expect(lines.at(-1)).toBe('?    default: isolation of the agent: not checked: the configuration is not valid');
  expect(lines.join('')).not.toContain('\u001b');
});

it('says that a command is not isolated, and changes nothing', () => {
  const directory = home('agent: {kind: command, command: [sh]}');
  const { code, lines } = doctor(directory, '--json');
  expect(readdirSync(directory)).toEqual(['config.yaml']);
  const { checks } = JSON.parse(lines.join(''));
  expect(code).toBe(0);
  expect(checks.at(-1)).toMatchObject({
    check: 'isolation of the agent',
    ok: null,
    found: expect.stringContaining('none'),
  });
});
