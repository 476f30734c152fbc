import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { amount } from '../../amount.ts';
import { drives } from '../../platforms/drives.ts';
import { describeS6 } from './suite.ts';
import { Tree } from './tree.ts';

drives('s6', 'slots, registration, races of start, stop and restart', { s6: 'dpkg-query -W s6' });

/** How often start, stop and restart race with each other. */
const RACES = amount('HERMES_RACES', 15, 30);

async function started(options: ConstructorParameters<typeof Tree>[0] = {}): Promise<Tree> {
  const tree = new Tree(options);
  await tree.start();
  return tree;
}

const intentOf = (tree: Tree, profile: string) =>
  JSON.parse(readFileSync(join(tree.profileHome(profile), 'desired_state.json'), 'utf8')).desired_state;

const trees: ['user' | 'root'][] = [['user'], ['root']];

describeS6('registering', () => {
  test.each(trees)("makes a slot that is supervised, and up and ready, in %s's tree", async (kind) => {
    await using tree = await started({ tree: kind });
    tree.addProfile('a');
    expect(JSON.parse(await tree.does('register', 'a', '--json'))).toMatchObject({
      profile: 'a',
      slot: tree.slot('a'),
      supervised: true,
      state: 'running',
      ready: true,
    });
    expect(intentOf(tree, 'a')).toBe('running');
  });

  test('makes one that is down when told to, and says nothing about what is wanted', async () => {
    await using tree = await started();
    tree.addProfile('a');
    expect(await tree.does('register', 'a', '--down')).toMatch(/^a: stopped/);
    expect(existsSync(join(tree.profileHome('a'), 'desired_state.json'))).toBe(false);
  });

  test('again leaves a running gateway running', async () => {
    await using tree = await started();
    tree.addProfile('a');
    await tree.does('register', 'a');
    const { pid } = await tree.status('a');
    await tree.does('register', 'a');
    expect((await tree.status('a')).pid).toBe(pid);
  });

  test('leaves nothing behind when s6-svscan has no room for it', async () => {
    await using tree = await started({ maxServices: 2 });
    for (const name of ['a', 'b', 'c']) tree.addProfile(name);
    await tree.does('register', 'a');
    await tree.does('register', 'b');
    const { code, stderr } = await tree.hermesS6(['register', 'c']);
    expect({ code, stderr }).toEqual({ code: 9, stderr: expect.stringMatching(/'c' is not registered: .* -c\)/) });
    expect(readdirSync(tree.scandir).sort()).toEqual(['.hermes-s6', '.s6-svscan', 'gateway-a', 'gateway-b']);
    expect([...(await tree.list()).values()].map(({ state }) => state)).toEqual(['running', 'running']);
  });

  test('a gateway that cannot be run is registered and told, not left half-way', async () => {
    await using tree = await started({ command: '/nowhere/hermes-gateway' });
    tree.addProfile('a');
    const { code } = await tree.hermesS6(['register', 'a', '--timeout', '1', '--command', '/nowhere/hermes-gateway']);
    expect(code).toBe(3);
    expect(await tree.status('a')).toMatchObject({ supervised: true, ready: false });
    await tree.does('unregister', 'a');
    expect(existsSync(tree.slot('a'))).toBe(false);
  });

  test('a staging directory is never supervised, however often s6-svscan looks', async () => {
    await using tree = await started();
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
    for (const name of names) tree.addProfile(name, { 'desired_state.json': '{"desired_state":"running"}' });
    const registering = tree.does('reconcile');
    const ended = registering.then(() => true);
    const supervised = new Set<string>();
    while (!(await Promise.race([ended, new Promise((resolve) => setImmediate(resolve, false))]))) {
      await tree.tool('s6-svscanctl', ['-a', tree.scandir]);
      const { stdout } = await tree.tool('ps', ['-eo', 'args'], 'root');
      for (const [, name = ''] of stdout.matchAll(/^s6-supervise (\S+)$/gm)) supervised.add(name.replace(/\/log$/, ''));
    }
    await expect.poll(async () => [...(await tree.list()).values()].filter(({ ready }) => ready).length).toBe(12);
    expect([...supervised].filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describeS6('unregistering', () => {
  test.each(trees)("a running gateway leaves no process and no directory, in %s's tree", async (kind) => {
    await using tree = await started({ tree: kind });
    tree.addProfile('a');
    const before = tree.processes.length;
    await tree.does('register', 'a');
    expect(tree.processes.length).toBeGreaterThan(before);
    expect(await tree.does('unregister', 'a')).toBe('a: unregistered\n');
    expect(tree.processes).toHaveLength(before);
    expect(readdirSync(tree.scandir).sort()).toEqual(['.hermes-s6', '.s6-svscan']);
    expect(readdirSync(join(tree.scandir, '.hermes-s6/old'))).toEqual([]);
    expect(intentOf(tree, 'a')).toBe('stopped');
  });

  test('is followed by registering the same name without trouble, five times', async () => {
    await using tree = await started();
    tree.addProfile('a');
    for (let round = 0; round < 5; round++) {
      await tree.does('register', 'a');
      expect(await tree.status('a')).toMatchObject({ state: 'running' });
      await tree.does('unregister', 'a');
    }
    expect((await tree.list()).size).toBe(0);
  });

  test('works when the profile is gone already', async () => {
    await using tree = await started();
    tree.addProfile('a');
    await tree.does('register', 'a');
    await tree.tool('rm', ['-r', tree.profileHome('a')]);
    await tree.does('unregister', 'a');
    expect((await tree.list()).size).toBe(0);
  });

  test('what was interrupted is finished by the next command', async () => {
    await using tree = await started();
    tree.addProfile('a');
    await tree.does('register', 'a');
    await tree.does('stop', 'a');
    // As unregister is killed after it has put the slot aside: its supervisors are alive, and nobody can see them.
    await tree.tool('mv', [tree.slot('a'), join(tree.scandir, '.hermes-s6/old/gateway-a')]);
    expect(await tree.does('reconcile')).toContain('profile=a');
    expect(readdirSync(join(tree.scandir, '.hermes-s6/old'))).toEqual([]);
    await tree.does('start', 'a');
    const { stdout } = await tree.tool('pgrep', ['-f', '^s6-supervise gateway-a$'], 'root');
    expect(
      stdout
        .split('\n')
        .map(Number)
        .filter((pid) => tree.processes.includes(pid)),
    ).toHaveLength(1);
  });
});

describeS6('two homes with a profile of the same name', () => {
  test('do not touch each other, whoever came first', async () => {
    await using tree = await started();
    await using other = new Tree();
    for (const one of [tree, other]) one.addProfile('a');
    await tree.does('register', 'a');
    const { pid } = await tree.status('a');
    for (const args of [
      ['stop', 'a'],
      ['restart', 'a'],
      ['unregister', 'a'],
      ['register', 'a'],
    ]) {
      const { code, stderr } = await other.hermesS6([...args, '--scandir', tree.scandir]);
      expect({ code, stderr }).toEqual({
        code: 4,
        stderr: expect.stringMatching(/is that of a gateway 'a' of another home/),
      });
    }
    expect((await other.hermesS6(['reconcile', '--scandir', tree.scandir])).stdout).toMatch(
      /profile=a .*action=skipped .* another home/,
    );
    expect((await tree.status('a')).pid).toBe(pid);
  });
});

describeS6('commands that race', () => {
  test('leave no slot wedged, however they come', { timeout: 120_000 + RACES * 1_000 }, async () => {
    await using tree = await started();
    tree.addProfile('a');
    await tree.does('register', 'a');
    const verbs = ['start', 'stop', 'restart'];
    const codes = new Map<number | null, number>();
    for (let done = 0; done < RACES; done += verbs.length) {
      const ends = await Promise.all(verbs.map((verb) => tree.hermesS6([verb, 'a', '--timeout', '5'])));
      for (const { code, stderr } of ends) {
        // Done, or overruled by another one.
        expect([0, 8], stderr).toContain(code);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    }
    console.info(`${RACES} commands in races of three; how often each exit code: ${JSON.stringify([...codes])}`);
    for (const [verb, state] of [
      ['start', 'running'],
      ['stop', 'stopped'],
      ['start', 'running'],
    ] as const) {
      await tree.does(verb, 'a');
      expect(await tree.status('a')).toMatchObject({ state });
    }
  });

  test('register and unregister the same name without losing a process', async () => {
    await using tree = await started();
    tree.addProfile('a');
    const before = tree.processes.length;
    for (let round = 0; round < 6; round++) {
      const ends = await Promise.all(['register', 'unregister', 'register'].map((verb) => tree.hermesS6([verb, 'a'])));
      for (const { code, stderr } of ends) expect([0, 3, 4, 7, 8, 9], stderr).toContain(code);
    }
    writeFileSync(join(tree.profileHome('a'), 'behave'), '');
    await tree.does('register', 'a');
    expect(await tree.status('a')).toMatchObject({ state: 'running' });
    await tree.does('unregister', 'a');
    await expect.poll(() => tree.processes.length).toBe(before);
  });
});
