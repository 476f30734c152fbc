import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drainRequestPath } from '@hermes/drain-contract';
import { lacking, runs } from '@hermes/test-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Testbed } from './testbed.ts';

const TRIAL = ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true'];
const skipped = lacking('the Debian package bubblewrap, and user namespaces', runs('bwrap', ...TRIAL));

/** Marks the process that outlives its turn. */
const NAP = `600.${process.pid}`;

/**
 * What an agent does that a prompt has talked into it. Each says "done" if it could. $H is the home. The brackets keep
 * the search from finding itself.
 */
const DEEDS = {
  'remove the marker': 'rm "$H/.drain_request.json" && echo done',
  'forge the state of the gateway':
    'cp "$H/gateway_state.json" "$H/f" && mv "$H/f" "$H/gateway_state.json" && echo done',
  'change the journal': 'dd if=/dev/null of="$H/gateway.db" conv=notrunc,nocreat && echo done',
  'read the token of the dashboard': 'cat "$H/.dashboard_token" && echo done',
  'read the secrets of the gateway':
    'cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep "HERMES_TEST_[S]ECRET=" && echo done',
  'send the gateway a signal':
    'cd /proc; for p in [0-9]*; do grep -qa "hermes-gatewa[y].*run" $p/cmdline && kill -0 $p && echo done; done',
  // Done only once it has left the process group: what is still in that ends with the turn.
  'leave a process behind': `setsid env -i sleep ${NAP} </dev/null >/dev/null 2>&1 &
    until for c in /proc/[0-9]*/cmdline; do tr "\\0" " " <$c | grep -qx "sleep ${NAP} " && break; done; do sleep 0.05; done; echo done`,
} as const;
type Deed = keyof typeof DEEDS;

async function start(isolation: 'none' | 'bwrap', settings = ''): Promise<Testbed> {
  onTestFinished(() => {
    for (const pid of naps()) process.kill(pid, 'SIGKILL');
  });
  // The first line of a message is the home, the rest what to do.
  const script = 'IFS= read -r H; exec 2>/dev/null; eval "$(cat)"';
  const agent = `{ kind: command, command: [sh, -c, ${JSON.stringify(script)}], isolation: ${isolation}${settings} }`;
  process.env.HERMES_TEST_SECRET = 's3cret';
  return await Testbed.start({ agent });
}

async function attempt(testbed: Testbed, deed: Deed): Promise<string> {
  const { status, body } = await testbed.client.say('mallory', `${testbed.home}\n${DEEDS[deed]}; true`);
  expect(status).toBe(200);
  return String(body.reply);
}

/** Tries it under a drain, in a turn that began before. @returns what the turn said. */
async function removeMarker(testbed: Testbed): Promise<unknown> {
  const running = testbed.client.say('mallory', `${testbed.home}\nsleep 2; ${DEEDS['remove the marker']}; true`);
  await expect.poll(async () => (await testbed.client.status()).body.active_agents).toBe(1);
  await testbed.client.beginDrain();
  return (await running).body.reply;
}

function naps(): number[] {
  return globSync('/proc/[0-9]*/cmdline').flatMap((path) => {
    try {
      return readFileSync(path, 'utf8').includes(`sleep\0${NAP}`) ? [Number(path.split('/')[2])] : [];
    } catch {
      return [];
    }
  });
}

describe.skipIf(skipped)("an agent's command that turns against its gateway", () => {
  test.each(Object.keys(DEEDS) as Deed[])('can %s where it is not isolated, which is documented', async (deed) => {
    await using testbed = await start('none');
    if (deed === 'remove the marker') {
      expect(await removeMarker(testbed)).toBe('done\n');
      expect(existsSync(drainRequestPath({ home: testbed.home }))).toBe(false);
      return;
    }
    expect(await attempt(testbed, deed)).toContain('done');
    if (deed === 'leave a process behind') expect(naps()).toHaveLength(1);
  });

  test('can do none of that where it is', async () => {
    await using testbed = await start('bwrap');
    for (const deed of Object.keys(DEEDS) as Deed[]) {
      const reply = await attempt(testbed, deed);
      // It starts one; what matters is that it has ended.
      expect([deed, reply]).toEqual([deed, deed === 'leave a process behind' ? 'done\n' : '']);
    }
    expect(naps()).toEqual([]);
    expect(await removeMarker(testbed)).toBe('');
    expect((await testbed.client.untilDrained(10)).body).toMatchObject({ safe_to_stop: true });
  });
});

describe.skipIf(skipped)('an isolated command', () => {
  test('keeps what it writes into its working directory, and nothing else', async () => {
    await using testbed = await start('bwrap');
    const say = async (script: string) => (await testbed.client.say('anna', `-\n${script}`)).body.reply;
    expect(await say('echo kept > file; echo gone > /tmp/file; touch /etc/file || echo refused')).toBe('refused\n');
    expect(await say('cat file; cat /tmp/file || echo nothing')).toBe('kept\nnothing\n');
    expect(readFileSync(join(testbed.home, 'workspace', 'file'), 'utf8')).toBe('kept\n');
  });

  test('has time to end by itself when its gateway stops', async () => {
    await using testbed = await start('bwrap', ', kill_after: 20');
    const running = testbed.client.say(
      'anna',
      `-\ntrap 'echo told > told; exit' TERM; echo begun > begun; while :; do sleep 0.05; done`,
    );
    await expect.poll(() => existsSync(join(testbed.home, 'workspace', 'begun'))).toBe(true);
    testbed.gateway.program.child.kill('SIGTERM');
    testbed.gateway.program.child.kill('SIGTERM');
    await running.catch(() => undefined);
    await testbed.gateway.program.exited;
    expect(existsSync(join(testbed.home, 'workspace', 'told'))).toBe(true);
  });

  test('ends with its gateway, also when that is killed', async () => {
    await using testbed = await start('bwrap');
    void testbed.client.say('anna', `-\nsetsid env -i sleep ${NAP} & sleep 600`).catch(() => undefined);
    await expect.poll(naps).toHaveLength(1);
    await testbed.gateway.program.kill('SIGKILL');
    await expect.poll(naps, { timeout: 120_000 }).toEqual([]);
  });

  test('has no network where the configuration says so', async () => {
    await using testbed = await start('bwrap', ', network: false');
    const seen = (await testbed.client.say('anna', '-\ncat /proc/net/dev')).body.reply;
    expect(
      String(seen)
        .split('\n')
        .slice(2)
        .map((line) => line.split(':')[0]?.trim())
        .filter(Boolean),
    ).toEqual(['lo']);
  });
});
