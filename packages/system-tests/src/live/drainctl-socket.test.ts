import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot, lacking } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { Drainctl, documentOf, drainctl } from './drainctl-process.ts';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

const NO_ROOT = lacking('root, to take the default port as another user', isRoot());
const DEFAULT_PORT = 9119;

/** Where no URL is named. */
function byDefault({ home, dashboard }: Testbed) {
  return { home, dashboard: { ...dashboard, url: '' } };
}

/** Another user's program on the default port, which passes on all that it is sent. */
async function takeDefaultPort(): Promise<{ heard(): string }> {
  const listen = `require('node:net').createServer((socket) => socket.on('error', () => {}).pipe(process.stdout, { end: false }))
    .on('error', ({ code }) => console.log(code)).listen(${DEFAULT_PORT}, '127.0.0.1', () => console.log('listening'));
    setInterval(() => {}, 1_000);`;
  const uid = 65_534;
  const child = spawn(process.execPath, ['-e', listen], {
    uid,
    gid: uid,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let heard = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    heard += text;
  });
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(120_000) });
  // Where the port is taken already, what is there is a stranger as well.
  if (!heard.startsWith('listening')) console.warn(`port ${DEFAULT_PORT} is taken by another program: ${heard.trim()}`);
  return { heard: () => heard };
}

test.skipIf(NO_ROOT)('drainctl works by the socket in the home while a stranger has the default port', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  const stranger = await takeDefaultPort();
  const here = byDefault(testbed);
  await using watch = new Drainctl(here, 'watch', '-o', 'ndjson');
  await watch.says(/"safe_to_stop":false/);
  const turn = testbed.client.say('anna', 'hello');
  await watch.says(/"active_agents":1/);
  const waiting = drainctl(here, 'begin', '--wait', '--deadline', '5m', '--max-age', '15s', '--json');
  await watch.says(/"gateway_state":"draining"/);
  gate.open();
  const begun = await waiting;
  expect([begun.code, documentOf(begun)]).toEqual([0, expect.objectContaining({ result: 'drained' })]);
  expect((await drainctl(here, 'extend', '--max-age', '1h')).code).toBe(0);
  expect((await turn).status).toBe(200);
  await watch.says(/"safe_to_stop":true/);
  expect(documentOf(await drainctl(here, 'status', '--json'))).toMatchObject({ drain: { safe_to_stop: true } });
  expect((await drainctl(here, 'cancel')).code).toBe(0);
  const audit = await readFile(join(testbed.home, 'logs/drain-audit.jsonl'), 'utf8');
  const addresses = audit
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).address);
  expect(new Set(addresses)).toEqual(new Set(['unix']));
  expect(stranger.heard()).not.toMatch(/authorization|bearer/i);
});

test('a wait by the socket outlasts a restart of the dashboard', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  const here = byDefault(testbed);
  const turn = testbed.client.say('anna', 'hello');
  await using waiting = new Drainctl(here, 'begin', '--wait', '--deadline', '5m', '-o', 'ndjson');
  await waiting.says(/"active_agents":1/);
  await testbed.dashboard.program.kill('SIGKILL');
  await waiting.says(/lost|unreachable|cannot reach/);
  await testbed.startDashboard();
  gate.open();
  expect((await waiting.ended()).code).toBe(0);
  expect((await turn).status).toBe(200);
});
