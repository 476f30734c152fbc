import { execFile, execFileSync, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOWEST_NODE } from '../../../../scripts/lowest-node.ts';
import { drainctl } from '../live/drainctl-process.ts';
import { Testbed } from '../live/testbed.ts';
import { drives } from '../platforms/drives.ts';
import { Installed } from './installed.ts';
import { nodeOf, RUNTIMES } from './runtimes.ts';
import { CHECKOUT, pack, publishedWorkspaces } from './tarball.ts';

drives(
  'node',
  'the packed programs on each version that they claim',
  Object.fromEntries(RUNTIMES.map((runtime) => [runtime, `${nodeOf(runtime)} --version`])),
);

/** A text that Node 22 returns from SQLite only up to its second character, unless it is read as bytes. */
const TEXT = 'a\u0000b';

const directory = mkdtempSync(join(tmpdir(), 'hermes-packed-'));
let installed: Installed;

beforeAll(async () => {
  installed = await Installed.of({
    gateway: await pack('apps/gateway', directory),
    dashboard: await pack('apps/dashboard', directory),
    drainctl: await pack('packages/drainctl', directory),
    's6-reconciler': await pack('packages/s6-reconciler', directory),
  });
});
afterAll(() => {
  installed?.[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

test('every package claims the Node that its code is built for', () => {
  const claims = publishedWorkspaces().map((workspace) => {
    const { engines } = JSON.parse(readFileSync(join(CHECKOUT, workspace, 'package.json'), 'utf8'));
    return engines.node;
  });
  expect(new Set(claims)).toEqual(new Set([LOWEST_NODE.replace('node', '>=')]));
});

const missing = RUNTIMES.filter((runtime) => nodeOf(runtime) === undefined);
if (missing.length > 0)
  console.warn(`skipped: no package has the ${missing} Node for ${process.platform}-${process.arch}`);

describe.each(RUNTIMES)('on the %s Node', (runtime) => {
  const node = nodeOf(runtime) ?? '';

  test.skipIf(node === '')('the packed programs run, drain and resume, and print no warning', async () => {
    await using testbed = await Testbed.start({ installation: installed.with(node) });
    const operated = {
      home: testbed.home,
      dashboard: testbed.dashboard,
      drainctl: [node, installed.command('drainctl')],
    } as const;
    expect((await testbed.client.say('anna', TEXT)).body).toMatchObject({ status: 'done', reply: TEXT });

    expect(await drainctl(operated, 'begin', '--wait')).toMatchObject({ code: 0, stderr: '' });
    expect((await testbed.client.say('anna', 'too late')).status).toBe(503);
    expect(await drainctl(operated, 'cancel')).toMatchObject({ code: 0, stderr: '' });
    expect((await testbed.client.say('anna', 'again')).status).toBe(200);

    expect(run(node, 'gateway', testbed.home, 'turns', '--json')).toContain(JSON.stringify(TEXT).slice(1, -1));
    expect(run(node, 's6-reconciler', testbed.home, '--version')).toMatch(/^\d+\.\d+\.\d+/);
    for (const { program } of [testbed.gateway, testbed.dashboard]) {
      expect(await program.stop()).toEqual({ code: null, signal: 'SIGTERM' });
      expect(program.stderr).not.toMatch(/Warning|trace-warnings/);
    }
  });
});

/** A wait with a bound, while garbage is collected. */
const BOUNDED_WAIT = `
  import { abortAfter } from '${import.meta.resolve('@hermes/service-kit')}';
  const signal = new AbortController().signal;
  const waiting = fetch('http://127.0.0.1:' + process.env.PORT, { signal: abortAfter(300, signal) });
  const collecting = setInterval(globalThis.gc, 10);
  await waiting.catch((error) => console.log(error.name));
  clearInterval(collecting);
`;

test.each(RUNTIMES)('on the %s Node, a bound is not collected as garbage', async (runtime) => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    const env = { PORT: String((silent.address() as AddressInfo).port) };
    const args = ['--expose-gc', '--input-type=module', '--eval', BOUNDED_WAIT];
    const run = promisify(execFile)(nodeOf(runtime) ?? process.execPath, args, { env, timeout: 60_000 });
    expect((await run).stdout).toBe('TimeoutError\n');
  } finally {
    silent.close();
    silent.closeAllConnections();
  }
});

/** @returns stdout. @throws when it fails, or says something on stderr. */
function run(node: string, program: 'gateway' | 's6-reconciler', home: string, ...words: readonly string[]): string {
  const env = { PATH: process.env.PATH, HERMES_HOME: home };
  const child = {
    env,
    encoding: 'utf8' as const,
    timeout: 120_000,
    stdio: ['ignore', 'pipe', 'inherit'] satisfies StdioOptions,
  };
  return execFileSync(node, ['--throw-deprecation', installed.command(program), ...words], child);
}
