import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isRoot, lacking } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram, SHIM, startCli } from './testing/cli.ts';
import { SECRET } from './testing/dashboard.ts';
import { temporaryHome } from './testing/home.ts';

const OTHER_UID = 65_534;
const SERVE = ['serve', '--port', '0'];

test('tells its version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(await runProgram({ args: ['--version'] })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([[['--help']], [['serve', '--help']], [['help']]])(
  '%j explains examples, environment and exit codes',
  async (args) => {
    const { code, stdout } = await runProgram({ args });
    expect(code).toBe(0);
    for (const word of [
      'Examples:',
      'HERMES_HOME',
      'HERMES_DASHBOARD_DRAIN_SECRET',
      'HERMES_DASHBOARD_CREDENTIALS',
      'HERMES_DASHBOARD_WEBHOOK_SECRET',
      '/api/events',
      'drain-audit.jsonl',
      'Exit codes:',
      '75',
      '78',
    ]) {
      expect(stdout).toContain(word);
    }
  },
);

test.each([
  ['nothing', []],
  ['an unknown command', ['drive']],
  ['an unknown option', ['serve', '--prot', '1']],
  ['an option without its value', ['serve', '--port']],
  ['a port that is no number', ['serve', '--port', 'abc']],
  ['a port that is too large', ['serve', '--port', '70000']],
  ['one argument too many', ['serve', 'now']],
])('%s is a mistake in usage', async (_what, args) => {
  expect(await runProgram({ args, env: { HERMES_HOME: temporaryHome() } })).toMatchObject({ code: 2, stdout: '' });
});

test.each([
  ['HERMES_DASHBOARD_PORT', { HERMES_DASHBOARD_PORT: 'abc' }, 'found "abc"'],
  ['HERMES_DASHBOARD_PORT', { HERMES_DASHBOARD_PORT: '70000' }, 'found "70000"'],
  ['HERMES_DASHBOARD_LOG_LEVEL', { HERMES_DASHBOARD_LOG_LEVEL: 'loud' }, 'found "loud"'],
  ['HERMES_DASHBOARD_DRAIN_SECRET', { HERMES_DASHBOARD_DRAIN_SECRET: 'hunter2' }, '7 characters'],
  ['HERMES_DASHBOARD_DRAIN_SECRET', { HERMES_DASHBOARD_HOST: '0.0.0.0', HERMES_DASHBOARD_PORT: '0' }, 'found none'],
  ['HERMES_START_TIMEOUT', { HERMES_START_TIMEOUT: 'long' }, 'found "long"'],
  ['HERMES_HOME', { HERMES_HOME: '/nowhere/at/all' }, '/nowhere/at/all'],
])('a bad %s ends it with 78 and one line: %j', async (name, env, messages) => {
  expectRefusal(await runProgram({ args: ['serve'], env: { HERMES_HOME: temporaryHome(), ...env } }), name, messages);
});

test('never prints a secret that it refuses', async () => {
  const secret = 'Abc9'.repeat(20);
  const env = { HERMES_HOME: temporaryHome(), HERMES_DASHBOARD_DRAIN_SECRET: secret };
  const { code, stderr } = await runProgram({ args: SERVE, env });
  expect(code).toBe(78);
  expect(stderr).not.toContain('Abc9');
});

test('a token file that is a symbolic link ends it with 78', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'elsewhere'), SECRET, { mode: 0o600 });
  symlinkSync(join(home, 'elsewhere'), join(home, '.dashboard_token'));
  expectRefusal(await runProgram({ args: SERVE, env: { HERMES_HOME: home } }), '.dashboard_token', 'symbolic link');
});

async function takenPort() {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  return { taken, port: String((taken.address() as { port: number }).port) };
}

test('a port that stays taken ends it with 75: it may be started again', async () => {
  const { port } = await takenPort();
  const env = { HERMES_HOME: temporaryHome(), HERMES_START_TIMEOUT: '0' };
  const ended = await runProgram({ args: ['serve', '--port', port], env });
  expect(ended).toMatchObject({ code: 75, stdout: '' });
  expect(ended.stderr).toMatch(
    /^hermes-dashboard: cannot listen on [^\n]*another program[^\n]*_DASHBOARD_PORT[^\n]*\n$/,
  );
});

test('a port that is taken for a while keeps it waiting, and it says so once', async () => {
  const { taken, port } = await takenPort();
  const dashboard = startCli({ args: ['serve', '--port', port], env: { HERMES_HOME: temporaryHome() } });
  await expect.poll(() => dashboard.stderr(), { timeout: 120_000 }).toContain('another program listens there');
  taken.close();
  expect(urlOf(await dashboard.firstLine())).toBe(`http://127.0.0.1:${port}/`);
  expect(dashboard.stderr().match(/cannot start yet/g)).toHaveLength(1);
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends at once a start that waits', async (signal) => {
  const { port } = await takenPort();
  const dashboard = startCli({ args: ['serve', '--port', port], env: { HERMES_HOME: temporaryHome() } });
  await expect.poll(() => dashboard.stderr(), { timeout: 120_000 }).toContain('cannot start yet');
  dashboard.child.kill(signal);
  expect(await dashboard.ended()).toMatchObject({ code: null, signal, stdout: '' });
});

test('an address that this machine does not have yet ends it with 75', async () => {
  const HERMES_DASHBOARD_HOST = '203.0.113.1';
  const env = { HERMES_HOME: temporaryHome(), HERMES_DASHBOARD_DRAIN_SECRET: SECRET, HERMES_DASHBOARD_HOST };
  const { code, stderr } = await runProgram({ args: SERVE, env: { ...env, HERMES_START_TIMEOUT: '0' } });
  expect(code).toBe(75);
  expect(stderr).toMatch(/203\.0\.113\.1[^\n]*choose another with HERMES_DASHBOARD_HOST/);
});

test.skipIf(lacking('root, to become another user', isRoot()))(
  'a home it may not write to ends it with 78',
  async () => {
    const home = temporaryHome();
    chmodSync(home, 0o755);
    const ended = await runProgram({ args: SERVE, env: { HERMES_HOME: home }, uid: OTHER_UID });
    expectRefusal(ended, home, 'cannot write to the home directory');
  },
);

test.skipIf(lacking('root, to become another user', isRoot()))(
  'every writer reports a home that becomes read-only',
  async () => {
    const home = temporaryHome();
    chownSync(home, OTHER_UID, OTHER_UID);
    const dashboard = startCli({
      args: SERVE,
      env: { HERMES_HOME: home, HERMES_DASHBOARD_DRAIN_SECRET: SECRET },
      uid: OTHER_UID,
    });
    const url = urlOf(await dashboard.firstLine());
    chmodSync(home, 0o555);
    const headers = { authorization: `Bearer ${SECRET}` };
    const drain = await fetch(`${url}api/gateway/drain`, { method: 'POST', headers });
    expect([drain.status, await drain.json()]).toMatchObject([503, { code: 'storage-unavailable' }]);
    expect((await fetch(`${url}readyz`)).status).toBe(503);
    expect((await fetch(`${url}api/status`, { headers })).status).toBe(200);
  },
);

test('the shim says when it is not built yet', async () => {
  const directory = temporaryHome();
  mkdirSync(join(directory, 'bin'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  const shim = join(directory, 'bin', 'hermes-dashboard.js');
  copyFileSync(SHIM, shim);
  expectRefusal(await runProgram({ shim }), 'not built yet', 'pnpm turbo run build');
});

test.each(['v20.20.2', 'v22.11.0'])('the shim refuses Node %s', async (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process,"version",{value:"${version}"})`;
  const ended = await runProgram({ execArgv: ['--import', pretend], args: ['--version'] });
  expectRefusal(ended, 'needs Node 22.13 or newer', version);
});

function expectRefusal(ended: Awaited<ReturnType<typeof runProgram>>, ...messages: readonly string[]): void {
  expect(ended).toMatchObject({ code: 78, stdout: '' });
  expect(ended.stderr).toMatch(/^hermes-dashboard: [^\n]+\n$/);
  for (const words of messages) expect(ended.stderr).toContain(words);
}

function urlOf(line: string): string {
  return /^dashboard: (http:\S+\/)/.exec(line)?.[1] ?? '';
}
