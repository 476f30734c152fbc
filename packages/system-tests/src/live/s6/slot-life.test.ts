import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeS6 } from './suite.ts';
import { Tree } from './tree.ts';

const RUNNING = { 'desired_state.json': '{"desired_state":"running"}' };

/** A tree whose one profile is up, or tries to be. */
async function running(behave: string, files: Record<string, string> = {}): Promise<Tree> {
  const tree = new Tree();
  tree.addProfile('a', { ...RUNNING, behave, ...files });
  await tree.does('reconcile');
  await tree.start();
  return tree;
}

const stateOf = (tree: Tree) => async () => (await tree.status('a')).state;

describeS6('a slot', () => {
  test('with a down file stays down until it is started', async () => {
    await using tree = new Tree();
    tree.addProfile('a');
    await tree.does('reconcile');
    await tree.start();
    await expect.poll(async () => (await tree.status('a')).supervised).toBe(true);
    expect(await tree.status('a')).toMatchObject({ state: 'stopped', wanted_up: false });
    await tree.does('start', 'a');
    expect(await tree.status('a')).toMatchObject({ state: 'running', ready: true, wanted_up: true });
  });

  test('without one comes up by itself, and is up only once it has said that it is ready', async () => {
    await using tree = await running('never ready');
    await expect.poll(stateOf(tree)).toBe('starting');
    const { code, stderr } = await tree.hermesS6(['start', 'a', '--timeout', '1']);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(/'a' is not ready after 1 s and keeps starting/),
    });
    expect(await tree.status('a')).toMatchObject({ state: 'starting', ready: false });
    expect((await tree.status('a')).pid).toBeGreaterThan(0);
  });

  test.each([0, 78])('whose gateway ends with %d stays down, which counts as failed', async (code) => {
    await using tree = await running(`exit ${code}`);
    await expect.poll(stateOf(tree)).toBe('failed');
    expect(await tree.status('a')).toMatchObject({ exit_code: code, signal: null, wanted_up: false });
  });

  test.each(['exit 1', 'exit 75', 'kill KILL', 'kill ABRT'])(
    'whose gateway ends by "%s" tries again',
    async (behave) => {
      await using tree = await running(behave);
      await expect.poll(async () => statSync(tree.slot('a', 'supervise/death_tally')).size).toBeGreaterThan(12);
      expect(await stateOf(tree)()).toBe('starting');
    },
  );

  test.each(['exit 75', 'kill KILL', 'kill TERM'])(
    'whose gateway ends by "%s" more often than it may crash has not failed',
    async (behave) => {
      await using tree = await running(behave);
      const deaths = () => statSync(tree.slot('a', 'supervise/death_tally')).size;
      // A death takes at least twelve bytes, and ten of them in a minute are a crash loop.
      await expect.poll(deaths, { timeout: 120_000 }).toBeGreaterThan(12 * 16);
      expect(await stateOf(tree)()).toBe('starting');
    },
    60_000,
  );

  test('whose gateway crashes once is up again afterwards', async () => {
    await using tree = await running('crash once');
    await expect.poll(stateOf(tree)).toBe('running');
    expect(existsSync(join(tree.profileHome('a'), 'crashed'))).toBe(true);
  });

  test('whose gateway crashes again and again has failed in the end, and a start forgives it', async () => {
    await using tree = await running('exit 1');
    await expect.poll(stateOf(tree), { timeout: 120_000 }).toBe('failed');
    const refused = await tree.hermesS6(['start', 'a', '--timeout', '30']);
    expect(refused).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/'a' has failed permanently: exit status 1; see its log/),
    });
    writeFileSync(join(tree.profileHome('a'), 'behave'), '');
    expect(JSON.parse(await tree.does('start', 'a', '--json'))).toMatchObject({ state: 'running', ready: true });
  });

  test('whose gateway does not stop is killed after its time', async () => {
    // It says that it needs no time at all, which leaves the supervisor's margin.
    await using tree = await running('stubborn', { 'gateway_state.json': '{"stop_timeout":0}' });
    await expect.poll(stateOf(tree)).toBe('running');
    expect(readFileSync(tree.slot('a', 'timeout-kill'), 'utf8')).toBe('5000\n');
    expect(await tree.does('stop', 'a')).toMatch(/^a: stopped for \d s, killed by SIGKILL\n$/);
  });

  test('gives its gateway the time that it says it needs by now', async () => {
    await using tree = await running('', { 'gateway_state.json': '{"stop_timeout":1}' });
    await expect.poll(stateOf(tree)).toBe('running');
    writeFileSync(join(tree.profileHome('a'), 'gateway_state.json'), '{"stop_timeout":100}');
    await tree.does('restart', 'a');
    expect(readFileSync(tree.slot('a', 'timeout-kill'), 'utf8')).toBe('105000\n');
  });

  test('kills the tools that outlive a killed gateway, and those of no other', async () => {
    await using tree = await running('leave a tool');
    tree.addProfile('b', { behave: 'leave a tool' });
    await tree.does('register', 'b');
    await expect.poll(stateOf(tree)).toBe('running');
    const tool = (profile: string) => Number(readFileSync(join(tree.profileHome(profile), 'tool.pid'), 'utf8'));
    const [mine, other, { pid }] = [tool('a'), tool('b'), await tree.status('a')];
    process.kill(pid ?? 0, 'SIGKILL');
    await expect.poll(() => isAlive(mine)).toBe(false);
    await expect.poll(async () => (await tree.status('a')).pid).not.toBe(pid);
    expect(isAlive(other)).toBe(true);
    await tree.does('unregister', 'b');
    await expect.poll(() => isAlive(other)).toBe(false);
    await tree.does('unregister', 'a');
  });

  test('stays stopped, and stays up, when its supervisor is killed', async () => {
    await using tree = await running('');
    tree.addProfile('b', RUNNING);
    await tree.does('register', 'b');
    await tree.does('stop', 'b');
    const supervisors = await tree.tool('pgrep', ['-f', '^s6-supervise gateway-b$'], 'root');
    const mine = supervisors.stdout
      .split('\n')
      .map(Number)
      .filter((pid) => tree.processes.includes(pid));
    expect(mine).toHaveLength(1);
    process.kill(mine[0] ?? 0, 'SIGKILL');
    await expect.poll(() => tree.processes.includes(mine[0] ?? 0)).toBe(false);
    await expect.poll(async () => (await tree.status('b')).supervised).toBe(true);
    expect(await tree.status('b')).toMatchObject({ state: 'stopped' });
    expect(await tree.status('a')).toMatchObject({ state: 'running' });
  });

  test('has a log of its own, and one that cannot be written does not stop the gateway', async () => {
    await using tree = new Tree();
    tree.addProfile('a', { ...RUNNING, behave: 'exit 1' });
    tree.addProfile('b', { ...RUNNING, logs: 'in the way' });
    await tree.does('reconcile');
    await tree.start();
    await expect.poll(() => existsSync(join(tree.home, 'logs/gateways/a/current'))).toBe(true);
    await expect.poll(() => obstruct(join(tree.home, 'logs/gateways'))).toBe(true);
    await tree.does('restart', 'b');
    expect(await tree.status('b')).toMatchObject({ state: 'running' });
  });
});

/** Puts a file in the place of a directory. @returns false if the logger of another profile has made it again meanwhile. */
function obstruct(directory: string): boolean {
  try {
    rmSync(directory, { recursive: true, maxRetries: 20 });
    writeFileSync(directory, 'in the way');
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has looked after yet is dead, too.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
