import { lstatSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeS6 } from './suite.ts';
import { Tree } from './tree.ts';

const TOOLS: [tool: string, args: string[]][] = [
  ['s6-svstat', []],
  ['s6-svok', []],
  ['s6-svc', ['-d']],
  ['s6-svdt', []],
  ['s6-svwait', ['-d', '-t', '2000']],
];

/** Type, mode and owner of everything that root's reconciler and root's s6 make in a slot. */
async function layout(tree: Tree): Promise<string[]> {
  const found = await tree.tool('find', [tree.slot('a'), '-printf', '%P %y %m %U:%G\n'], 'root');
  // The FIFOs of those who listen come and go.
  return found.stdout.split('\n').filter((line) => line !== '' && !line.includes('ftrig1'));
}

describeS6("in root's tree", () => {
  test('without a skeleton, the unprivileged user is refused by every tool', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('a');
    await tree.does('reconcile');
    await tree.tool('rm', ['-r', tree.slot('a', 'supervise'), tree.slot('a', 'event')], 'root');
    await tree.start();
    await expect.poll(async () => (await tree.tool('s6-svok', [tree.slot('a')], 'root')).code).toBe(0);
    for (const [tool, args] of TOOLS) {
      expect(await tree.tool(tool, [...args, tree.slot('a')])).toMatchObject({
        code: 111,
        stderr: expect.stringMatching(/permission denied/i),
      });
    }
    expect(await tree.hermesS6(['start', 'a'], { as: 'hermes' })).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/cannot .* permission denied for uid 10000; .* as root/),
    });
  });

  test('with the skeleton, the unprivileged user may use every tool, on the logger, too', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('a');
    await tree.does('reconcile');
    await tree.start();
    await expect.poll(async () => (await tree.status('a')).supervised).toBe(true);
    for (const slot of [tree.slot('a'), tree.slot('a', 'log')]) {
      for (const [tool, args] of TOOLS) {
        expect(await tree.tool(tool, [...args, slot])).toMatchObject({ code: 0, stderr: '' });
      }
    }
    for (const verb of ['start', 'restart', 'stop']) {
      expect(await tree.hermesS6([verb, 'a'], { as: 'hermes' })).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('s6-supervise takes over the skeleton with its owners and modes, and adds files that everybody may read', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('a');
    await tree.does('reconcile');
    const seeded = await layout(tree);
    expect(seeded).toEqual(
      expect.arrayContaining([
        'event d 3730 10000:10000',
        'supervise d 755 10000:10000',
        'supervise/event d 3730 10000:10000',
        'supervise/control p 660 10000:10000',
        'log/event d 3730 10000:10000',
        'log/supervise d 755 10000:10000',
        'log/supervise/event d 3730 10000:10000',
        'log/supervise/control p 660 10000:10000',
        'run f 755 0:0',
      ]),
    );
    await tree.start();
    await tree.does('start', 'a');
    const added = (await layout(tree)).filter((line) => !seeded.includes(line));
    for (const line of added) expect(line).toMatch(/^(log\/)?supervise\/(status|lock|death_tally) f 644 0:0$/);
    expect((await layout(tree)).filter((line) => !added.includes(line))).toEqual(
      seeded.filter((line) => !line.startsWith('down ')),
    );
  });

  test('a second reconcile leaves a live slot alone, its FIFOs and its process', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('a', { 'desired_state.json': '{"desired_state":"running"}' });
    await tree.does('reconcile');
    await tree.start();
    await expect.poll(async () => (await tree.status('a')).state).toBe('running');
    const fifos = ['supervise/control', 'log/supervise/control', 'event'];
    const inodes = () => fifos.map((path) => lstatSync(tree.slot('a', path)).ino);
    const [before, { pid }] = [inodes(), await tree.status('a')];
    expect(await tree.does('reconcile')).toContain('profile=a prior_state=None action=kept');
    expect(inodes()).toEqual(before);
    expect((await tree.status('a')).pid).toBe(pid);
  });

  test('the gateway and its logger run as the unprivileged user', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('a');
    await tree.does('reconcile');
    await tree.start();
    await tree.does('start', 'a');
    const { pid } = await tree.status('a');
    expect(lstatSync(`/proc/${pid}`)).toMatchObject({ uid: 10000, gid: 10000 });
    expect(readdirSync(`${tree.home}/logs/gateways/a`)).toContain('current');
    expect(lstatSync(`${tree.home}/logs/gateways/a/current`).uid).toBe(10000);
  });

  test('the unprivileged user can neither register nor unregister, and is told so before anything happens', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('a');
    tree.addProfile('b');
    await tree.does('reconcile');
    await tree.start();
    await tree.does('start', 'a');
    for (const args of [
      ['unregister', 'a'],
      ['register', 'b'],
    ]) {
      const { code, stderr } = await tree.hermesS6(args, { as: 'hermes' });
      expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining('permission denied for uid 10000') });
    }
    expect(await tree.status('a')).toMatchObject({ state: 'running' });
  });
});
