import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { currentInstantiationEpoch, gatewayStatePath } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { NO_BROWSER, OpenPage } from './browser.ts';
import { drainctl } from './drainctl-process.ts';
import { Operator } from './operator.ts';
import { type Finished, finish } from './s6/run.ts';
import { Testbed } from './testbed.ts';

if (NO_BROWSER) console.warn(`skipped: the test of what strangers wrote on the page: ${NO_BROWSER}`);

/** A title for the terminal, in both forms; a text turned around; tags; ends of lines; half a character. */
const HOSTILE = 'x\u001b]0;owned\u0007\u009b2J\u202edellac\u{e0041}\u{e007f}\u2028\u200f\ud83dy';
const SHOWN = '\\u{1b}]0;owned\\u{7}\\u{9b}2J\\u{202e}dellac\\u{e0041}';

/** What no output may hold: what is obeyed or hidden, and what comes of a time that is none. */
const BAD = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|NaN|Invalid Date|Infinity/u;

const GATEWAY = fileURLToPath(new URL('../../../../apps/gateway/bin/hermes-gateway.js', import.meta.url));
const HERMES_S6 = fileURLToPath(new URL('../../../s6-reconciler/bin/hermes-s6.js', import.meta.url));

function run(home: string, program: string, ...args: string[]): Promise<Finished> {
  const env = { PATH: process.env.PATH, HERMES_HOME: home, HERMES_USER: `${process.getuid?.()}:${process.getgid?.()}` };
  return finish(
    spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 }),
  );
}

/** A profile whose state is forged from its first field to its last. */
async function forgeProfile(home: string): Promise<void> {
  const profile = join(home, 'profiles', 'forged');
  await mkdir(profile, { recursive: true });
  await writeFile(join(profile, 'SOUL.md'), '');
  const turn = { id: HOSTILE, kind: HOSTILE, session: HOSTILE, started_at: 'soon', last_progress_at: HOSTILE };
  const drain = { request_id: HOSTILE, principal: HOSTILE, reason: HOSTILE, requested_at: 'x', observed_at: 'x' };
  const state = {
    gateway_state: 'running',
    epoch: currentInstantiationEpoch(),
    pid: process.pid,
    active_agents: 1,
    active_work: [turn],
    drain: { ...drain, drained_at: 'never' },
    updated_at: new Date().toISOString(),
    started_at: '2026-99-99T99:99:99Z',
    restart_drain_timeout: 1e308,
    version: HOSTILE,
    endpoint: HOSTILE,
    exit: { at: 'x', signal: HOSTILE, code: null, reason: HOSTILE, interrupted: 0 },
  };
  await writeFile(gatewayStatePath({ home: profile }), JSON.stringify(state));
  const marker = { action: 'drain', requested_at: 'never', principal: HOSTILE, reason: HOSTILE, request_id: HOSTILE };
  await writeFile(join(profile, '.drain_request.json'), JSON.stringify(marker));
}

test('hermes-s6 shows what strangers wrote into the boot log and the names of directories', async () => {
  await using testbed = await Testbed.start({ dashboard: false });
  const { home } = testbed;
  const log = (at: string, action: string) => `${at} profile=default prior_state=None action=${action}\n`;
  await mkdir(join(home, 'logs'), { recursive: true });
  await writeFile(
    join(home, 'logs', 'container-boot.log'),
    [
      log('2026-01-01T00:00:00Z', 'started\u001b]0;OWNED\u0007\u001b[2J'),
      log('2026-01-01T\u009b2J', 'started'),
      `2026-01-02T00:00:00Z profile=default prior_state=${HOSTILE.replace(/\s/g, '')} action=started\n`,
      `2026-01-03T00:00:00Z profile="a\\u202eb" prior_state=None action=skipped reason="\\u001b[2J\\u{e0041}"\n`,
      log('2026-01-04T00:00:00Z', 'started'),
    ].join(''),
  );
  await forgeProfile(home);
  await mkdir(join(home, 'profiles', 'e\u001b[2J\u202evil'), { recursive: true });
  await writeFile(join(home, 'profiles', 'e\u001b[2J\u202evil', 'SOUL.md'), '');
  const scandir = join(home, 'scandir');
  await mkdir(scandir);
  const commands = [
    ['boot-log'],
    ['boot-log', '--json'],
    ['reconcile', '--scandir', scandir, '--dry-run'],
    ['reconcile', '--scandir', scandir, '--json'],
    ['list', '--scandir', scandir],
    ['doctor', '--scandir', scandir, '--service', join(home, 'none')],
  ];
  for (const args of commands) {
    const { stdout, stderr } = await run(home, HERMES_S6, ...args);
    expect([args.join(' '), BAD.exec(stdout + stderr)]).toEqual([args.join(' '), null]);
  }
  expect((await run(home, HERMES_S6, 'boot-log')).stdout).toMatch(/2026-01-04T00:00:00Z profile=default .*started/);
});

test('hermes-gateway shows what strangers sent, and a forged time as none', async () => {
  await using testbed = await Testbed.start({ dashboard: false });
  const { home, client } = testbed;
  expect((await client.say(HOSTILE.toWellFormed(), HOSTILE.toWellFormed())).status).toBe(200);
  expect((await client.say('dated', 'later')).status).toBe(200);
  await forgeProfile(home);
  await testbed.gateway.program.kill('SIGKILL');
  const database = new DatabaseSync(join(home, 'gateway.db'));
  database.exec(
    "UPDATE turns SET accepted_at = 9000000000000000, started_at = 5, ended_at = -5 WHERE session = 'dated'",
  );
  database.close();
  for (const args of [['turns'], ['turns', '--json'], ['profile', 'list'], ['profile', 'list', '--json']]) {
    const { code, stdout, stderr } = await run(home, GATEWAY, ...args);
    expect([args.join(' '), code, BAD.exec(stdout + stderr)]).toEqual([args.join(' '), 0, null]);
  }
  await writeFile(join(home, 'config.yaml'), `agent: { kind: echo, "k\u202e\u{e0041}": 1 }\n`);
  const refused = await run(home, GATEWAY, 'run');
  expect([refused.code, BAD.exec(refused.stderr)]).toEqual([78, null]);
  expect(refused.stderr).toContain('k\\u202e');
  const { stdout } = await run(home, GATEWAY, 'turns');
  expect(stdout).toContain(SHOWN.slice(0, 40));
  expect(stdout).toMatch(/^- +done +- .*dated {2}later$/m);
});

test('drainctl shows what strangers wrote, in words and in JSON', async () => {
  await using testbed = await Testbed.start();
  await forgeProfile(testbed.home);
  await testbed.client.beginDrain({ reason: 'a\u200fb\u{e0041}' });
  const commands = [
    ['status', '--profile', 'forged'],
    ['status', '--all'],
    ['status', '--profile', 'forged', '--json'],
    ['cancel', '--profile', 'forged', '--request', 'another'],
    ['begin', '--profile', 'forged'],
    ['history', '--all'],
    ['history', '--all', '--json'],
  ];
  for (const args of commands) {
    const { stdout, stderr } = await drainctl(testbed, ...args);
    expect(stdout + stderr).not.toBe('');
    expect([args.join(' '), BAD.exec(stdout + stderr)]).toEqual([args.join(' '), null]);
  }
  expect((await drainctl(testbed, 'status', '--profile', 'forged')).stdout).toContain('\\u{9b}2J');
  expect((await drainctl(testbed, 'history')).stdout).toContain('a\\u{200f}b\\u{e0041}');
});

test.skipIf(NO_BROWSER)('the page shows what strangers wrote', async () => {
  await using testbed = await Testbed.start();
  await forgeProfile(testbed.home);
  await testbed.client.beginDrain({ reason: 'a\u200fb\u{e0041}' });
  await using browser = await OpenPage.open(1_000);
  const operator = new Operator(browser.page);
  await operator.follow(testbed.dashboard.link);
  await operator.sees('drain', 'a\\u{200f}b\\u{e0041}');
  expect(BAD.exec((await browser.page.textContent('body')) ?? '')).toBeNull();
  await browser.page.click('[data-profile="forged"]');
  await operator.sees('turns', '\\u{202e}dellac');
  expect(BAD.exec((await browser.page.textContent('body')) ?? '')).toBeNull();
});
