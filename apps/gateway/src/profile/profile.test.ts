import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN, startGateway } from '../testing/gateway-process.ts';
import { cannotMount, smallVolume } from '../testing/volumes.ts';

function environmentOf(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HERMES_HOME: home, S6_PROFILE_GATEWAY_SCANDIR: join(home, 'nobody-scans') };
}

function profile(home: string, ...args: string[]) {
  const options = { encoding: 'utf8', env: environmentOf(home), timeout: 120_000, input: '' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'profile', ...args], options);
  return { status, stdout, stderr };
}

/** What is in a home, but for the lock of those who make and delete profiles. */
function entriesOf(home: string): string[] {
  return readdirSync(home).filter((name) => name !== '.profiles.lock');
}

describe.skipIf(cannotMount())('profiles on volumes of their own', () => {
  it('are made and deleted beside each other, and nothing else is left', () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, 'profiles'));
    smallVolume(4, join(home, 'profiles'));
    expect(profile(home, 'create', 'a')).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(join(home, 'profiles'))).toEqual(['a']);
    expect(profile(home, 'delete', 'a', '--yes')).toMatchObject({ status: 0 });
    expect([readdirSync(join(home, 'profiles')), entriesOf(home)]).toEqual([[], ['profiles']]);
  });

  it('are not deleted while one is mounted there, and the message says what to do', () => {
    const home = temporaryDirectory();
    expect(profile(home, 'create', 'a').status).toBe(0);
    const place = smallVolume(4, join(home, 'profiles/a'));
    writeFileSync(join(place, 'SOUL.md'), '');
    expect(profile(home, 'delete', 'a', '--yes')).toEqual({
      status: 78,
      stdout: '',
      stderr: expect.stringMatching(`cannot remove ${place}: a volume is mounted there; unmount it first`),
    });
    expect(readdirSync(join(home, 'profiles'))).toEqual(['a']);
  });
});

describe('a profile that was made', () => {
  it('has a home of its own, whose gateway can be run at once', async () => {
    const home = temporaryDirectory();
    const { status, stdout } = profile(home, 'create', 'support', '--json');
    const { port, ...rest } = JSON.parse(stdout);
    expect({ status, ...rest }).toEqual({
      status: 0,
      name: 'support',
      home: join(home, 'profiles/support'),
      registered: false,
    });
    expect(readdirSync(join(home, 'profiles/support')).sort()).toEqual(['SOUL.md', 'config.yaml']);
    expect(entriesOf(home)).toEqual(['profiles']);
    const environment = { ...environmentOf(home), API_SERVER_PORT: '' } as Record<string, string>;
    const gateway = await startGateway({ home, args: ['run', '-p', 'support'], environment });
    expect(gateway.url).toBe(`http://127.0.0.1:${port}`);
  });

  it('gets a port that no other profile uses and on which no program listens', async () => {
    const home = temporaryDirectory();
    const first = JSON.parse(profile(home, 'create', 'a', '--json').stdout).port;
    expect(first).toBeGreaterThan(8642);
    const second = JSON.parse(profile(home, 'create', 'b', '--json').stdout).port;
    expect(second).toBeGreaterThan(first);
    const taken = createServer().listen(second + 1, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    expect(JSON.parse(profile(home, 'create', 'c', '--json').stdout).port).toBeGreaterThan(second + 1);
  });

  it('gets the requested port, unless another profile uses it', () => {
    const taken = profile(temporaryDirectory(), 'create', 'a', '--port', '8642');
    expect(taken).toMatchObject({ status: 78, stderr: expect.stringContaining('the profile default uses port') });

    const home = temporaryDirectory();
    expect(profile(home, 'create', 'a', '--port', '9000').stdout).toContain('port 9000');
    expect(readFileSync(join(home, 'profiles/a/config.yaml'), 'utf8')).toContain('port: 9000');
  });
});

describe('no profile is made, and nothing changes,', () => {
  it.each([
    ['B', 'bad profile name "B": expected lower-case letters'],
    ['../x', 'bad profile name "../x"'],
    ['x'.repeat(244), 'at most 243'],
    ['default', '"default" is the profile of the home itself'],
  ])('of the name %s', (name, reason) => {
    const home = temporaryDirectory();
    const { status, stderr } = profile(home, 'create', name);
    expect({ status, stderr }).toEqual({ status: 78, stderr: expect.stringContaining(reason) });
    expect(readdirSync(home)).toEqual([]);
  });

  it('where there is one', () => {
    const home = temporaryDirectory();
    profile(home, 'create', 'a', '--port', '9000');
    const { status, stderr } = profile(home, 'create', 'a', '--port', '9001');
    expect({ status, stderr }).toEqual({ status: 78, stderr: expect.stringContaining('already exists') });
    expect(readFileSync(join(home, 'profiles/a/config.yaml'), 'utf8')).toContain('9000');
    expect(entriesOf(home)).toEqual(['profiles']);
  });

  it('where a link stands in the place of all profiles', () => {
    const home = temporaryDirectory();
    const elsewhere = temporaryDirectory();
    symlinkSync(elsewhere, join(home, 'profiles'));
    expect(profile(home, 'create', 'a')).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('not a directory'),
    });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe('profiles that are made at the same time', () => {
  it('get different ports', async () => {
    const home = temporaryDirectory();
    const ports = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const child = spawn(process.execPath, [BIN, 'profile', 'create', name, '--json'], { env: environmentOf(home) });
        return JSON.parse(await text(child.stdout)).port as number;
      }),
    );
    expect(new Set(ports).size).toBe(4);
  });
});

describe.skipIf(lacking('root, to act for another user', isRoot()))('as root in the home of another user', () => {
  it('makes what that user can use, and leaves nothing of root behind', async () => {
    const home = temporaryDirectory();
    chownSync(home, 10_000, 10_000);
    chmodSync(home, 0o755);
    expect(profile(home, 'create', 'a')).toMatchObject({ status: 0 });
    const { stdout } = spawnSync('find', [home, '!', '-user', '10000'], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(profile(home, 'delete', 'a', '--yes')).toMatchObject({ status: 0 });
  });
});

describe('the list', () => {
  it('prints no control characters that move the cursor', () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'gateway_state.json'), JSON.stringify({ gateway_state: '\u001b[2J\nevil: running' }));
    const { stdout } = profile(home, 'list');
    expect(stdout).toMatch(/^default: not running, last \\u\{1b\}\[2J\\u\{a\}evil: running, port 8642.*\n$/);
  });

  it('has every profile with what it is, wants and says', async () => {
    const home = temporaryDirectory();
    profile(home, 'create', 'a', '--port', '9000');
    mkdirSync(join(home, 'profiles/b'));
    writeFileSync(join(home, 'profiles/b/SOUL.md'), '');
    writeFileSync(join(home, 'profiles/b/config.yaml'), 'api_server: [');
    writeFileSync(join(home, 'profiles/b/desired_state.json'), '{"desired_state":"stopped"}');
    await startGateway({ home });
    const { profiles } = JSON.parse(profile(home, 'list', '--json').stdout);
    expect(profiles).toMatchObject([
      { name: 'default', state: 'running', live: true, port: 8642, host: '127.0.0.1', desired_state: null, slot: null },
      { name: 'a', state: null, live: false, port: 9000 },
      { name: 'b', port: null, host: null, desired_state: 'stopped' },
    ]);
    expect(profile(home, 'list').stdout).toMatch(
      /^default: running, port 8642, desired state not set\na: not running, port 9000/,
    );
  });
});

describe('deleting a profile', () => {
  const made = (): string => {
    const home = temporaryDirectory();
    profile(home, 'create', 'a', '--port', '9000');
    return home;
  };

  it('removes everything it has, and no more', () => {
    const home = made();
    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, 'precious'), '');
    symlinkSync(elsewhere, join(home, 'profiles/a/link'));
    expect(profile(home, 'delete', 'a', '--yes')).toMatchObject({ status: 0, stdout: `deleted ${home}/profiles/a\n` });
    expect(entriesOf(home)).toEqual(['profiles']);
    expect(readdirSync(join(home, 'profiles'))).toEqual([]);
    expect(existsSync(join(elsewhere, 'precious'))).toBe(true);
  });

  it('needs a terminal for the confirmation, or --yes', () => {
    const home = made();
    expect(profile(home, 'delete', 'a')).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes') });
    expect(existsSync(join(home, 'profiles/a'))).toBe(true);
  });

  it.each([
    ['a', 0, false],
    ['yes', 1, true],
    ['', 1, true],
  ])('asks on a terminal for the name, and takes "%s" for an answer', async (answer, status, remains) => {
    const home = made();
    const child = onTerminal(`${process.execPath} ${BIN} profile delete a`, environmentOf(home));
    let shown = '';
    child.stdout?.on('data', (data) => {
      shown += String(data);
    });
    await expect
      .poll(() => shown)
      .toMatch(/Delete .*profiles\/a, with its configuration and no journal\? Type a to confirm: /);
    child.stdin?.write(`${answer}\r`);
    expect((await once(child, 'exit'))[0]).toBe(status);
    expect(existsSync(join(home, 'profiles/a'))).toBe(remains);
  });

  it.each([
    ['default', 'is the home itself'],
    ['nobody', 'no profile "nobody"'],
    ['../a', 'bad profile name'],
  ])('refuses %s', (name, reason) => {
    const home = made();
    expect(profile(home, 'delete', name, '--yes')).toMatchObject({
      status: 78,
      stderr: expect.stringContaining(reason),
    });
    expect(existsSync(join(home, 'profiles/a'))).toBe(true);
  });

  it('refuses one whose journal has accepted messages without an answer', async () => {
    const home = made();
    writeFileSync(join(home, 'profiles/a/config.yaml'), 'agent: {kind: echo, delay_ms: 60000}\n');
    const gateway = await startGateway({ home, args: ['run', '-p', 'a'] });
    await gateway.post({ session: 's', text: 'long' }, { prefer: 'respond-async' });
    gateway.kill('SIGKILL');
    await gateway.exited;
    const state = join(home, 'profiles/a/gateway_state.json');
    // Its heartbeat is not old yet.
    writeFileSync(state, readFileSync(state, 'utf8').replace('"running"', '"stopped"'));
    expect(profile(home, 'delete', 'a', '--yes').stderr).toContain('a has an accepted message without an answer');
    expect(profile(home, 'delete', 'a', '--yes', '--force')).toMatchObject({ status: 0 });
  });

  it('refuses a profile with turns in flight, and one with an unsupervised gateway', async () => {
    const home = made();
    writeFileSync(join(home, 'profiles/a/config.yaml'), 'agent: {kind: echo, delay_ms: 60000}\n');
    const gateway = await startGateway({ home, args: ['run', '-p', 'a'] });
    expect((await gateway.post({ session: 's', text: 'long' }, { prefer: 'respond-async' })).status).toBe(202);
    await expect
      .poll(() => profile(home, 'delete', 'a', '--yes').stderr)
      .toContain('a has a turn in flight: drain it first');
    expect(profile(home, 'delete', 'a', '--yes', '--force').stderr).toContain('another gateway');
    expect(existsSync(join(home, 'profiles/a/SOUL.md'))).toBe(true);
  });
});

/** Runs a command on a terminal of its own, which util-linux's script makes. */
function onTerminal(command: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
