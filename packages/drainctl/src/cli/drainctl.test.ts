import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { runProgram, SECRET, temporaryDirectory } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../exit.ts';

const SHIM = fileURLToPath(new URL('../../bin/drainctl.js', import.meta.url));
const COMMANDS = ['begin', 'status', 'wait', 'watch', 'cancel', 'extend', 'restart', 'history', 'run', 'completion'];

/** No program listens there: an unassigned port that only root can open. */
const NOWHERE = { DRAINCTL_URL: 'http://127.0.0.1:4', DRAINCTL_TOKEN: SECRET };

const drainctl = (args: readonly string[], env: Record<string, string> = {}) =>
  runProgram({ shim: SHIM, args, env: { HERMES_HOME: temporaryDirectory(), ...env } });

test('--help explains every command, the environment and every exit status', async () => {
  const { code, stdout } = await drainctl(['--help']);
  expect(code).toBe(0);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  for (const name of ['DRAINCTL_URL', 'DRAINCTL_TOKEN', 'DRAINCTL_TOKEN_FILE', 'NO_COLOR', 'Examples:']) {
    expect(stdout).toContain(name);
  }
  const statuses = stdout.slice(stdout.indexOf('Exit status:'));
  for (const status of Object.values(EXIT)) expect(statuses).toMatch(new RegExp(`^  (\\d+, )?${status}\\b`, 'm'));
});

test.each(COMMANDS)('%s --help has an example', async (command) => {
  const { code, stdout } = await drainctl([command, '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Examples:\n {2}\S+/);
});

test('docs/drain/drainctl.md has a row for every exit status', () => {
  const page = readFileSync(new URL('../../../../docs/drain/drainctl.md', import.meta.url), 'utf8');
  const rows = page.slice(page.indexOf('## Exit status'), page.indexOf('## Recipes'));
  for (const status of [...Object.values(EXIT), 141])
    expect(rows).toMatch(new RegExp(`^\\| (\\d+, )?${status}\\b`, 'm'));
});

test('tells its version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await drainctl(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  [[]],
  [['drive']],
  [['begin', 'now']],
  [['begin', '--deadline', 'soon']],
  [['begin', '--max-age', '25h']],
  [['begin', '--deadline', '1m', '--on-deadline', 'panic']],
  [['begin', '--on-deadline', 'cancel']],
  [['status', '-o', 'yaml']],
  [['history', '--limit', '0']],
  [['run']],
  [['completion', 'tcsh']],
  [['status', '--url', 'localhost']],
])('%j is a mistake in usage', async (args) => {
  expect(await drainctl(args, { DRAINCTL_TOKEN: SECRET })).toMatchObject({ code: 2, stdout: '' });
});

test.each([
  ['begin'],
  ['status'],
  ['wait', '--retry-for', '0'],
  ['watch', '--retry-for', '0'],
  ['cancel'],
  ['run', 'true'],
])('%s exits with 7 when no program listens', async (...args) => {
  const { code, stdout, stderr } = await drainctl(args, NOWHERE);
  expect([code, stdout]).toEqual([7, '']);
  expect(stderr).toMatch(/drainctl: cannot reach the dashboard at http:\/\/127\.0\.0\.1:4: ECONNREFUSED\n$/);
});

test.each([
  ['begin'],
  ['begin', '--wait', '--retry-for', '0'],
  ['status'],
  ['status', '--all'],
  ['wait', '--retry-for', '0'],
  ['wait', '--keep-alive', '--retry-for', '0'],
  ['watch', '--retry-for', '0'],
  ['cancel'],
  ['extend'],
  ['restart', '--retry-for', '0'],
  ['history'],
  ['history', '--verify'],
  ['run', 'true'],
])('%s %s says by 7 that another server answers', async (...args) => {
  for (const body of ['{}', '[]', '{"action":"drain","verdict":{},"gateway":[],"restart":7,"profiles":{}}']) {
    const server = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    ).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stdout, stderr } = await drainctl(args, { DRAINCTL_URL: url, DRAINCTL_TOKEN: SECRET });
    expect([code, stdout]).toEqual([7, '']);
    expect(stderr).toContain('the answer is not one of a dashboard; is the URL right?');
  }
});

test('a failure is one JSON document, too, and one line for people is not lost in it', async () => {
  const { code, stdout, stderr } = await drainctl(['status', '--json'], NOWHERE);
  expect([code, stderr]).toEqual([7, '']);
  expect(JSON.parse(stdout)).toMatchObject({ command: 'status', result: 'unreachable', exit_code: 7 });
});

test('without a secret it says where one could come from', async () => {
  const { code, stderr } = await drainctl(['status']);
  expect(code).toBe(78);
  expect(stderr).toMatch(/^drainctl: cannot read the secret in .*\.dashboard_token: ENOENT.*DRAINCTL_TOKEN_FILE/);
});

test('completes commands, options and choices in the shells that people use', async () => {
  const completed = async (...words: string[]) => (await drainctl(['complete', '--', ...words])).stdout;
  expect(await completed('wa')).toMatch(/^wait\t.*\nwatch\t/);
  expect(await completed('begin', '--on-d')).toContain('--on-deadline');
  expect(await completed('begin', '--on-deadline', '')).toMatch(/^hold\s*\ncancel\s*\ninterrupt\s*\n/);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await drainctl(['completion', shell]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('drainctl complete --')]);
  }
});

test('loads nothing of the server', () => {
  const packages = ['fastify', 'zod', '@hermes/drain-contract', 'pino'];
  const loaded = `import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => {
      if (${JSON.stringify(packages)}.includes(name)) process.stderr.write('loads ' + name);
      return next(name, context);
    } });`;
  const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(loaded)}`];
  return expect(runProgram({ shim: SHIM, execArgv, args: ['status', '--json'], env: NOWHERE })).resolves.toMatchObject({
    code: 7,
    stderr: '',
  });
});
