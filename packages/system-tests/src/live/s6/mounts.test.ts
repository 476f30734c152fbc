import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeS6 } from './suite.ts';
import { HERMES, Tree } from './tree.ts';

/** A tree of which something is mounted over `place`; unmounted before the tree is removed. */
class MountedTree extends Tree {
  readonly #places: string[] = [];

  mount(place: string, ...args: string[]): void {
    execFileSync('mount', [...args, place]);
    this.#places.push(place);
  }

  unmountAll(): void {
    for (const place of this.#places.splice(0)) spawnSync('umount', ['--lazy', place]);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    // What runs there is stopped first: below a mount that is gone, it would not be found.
    await this.stop().catch(() => undefined);
    this.unmountAll();
    await super[Symbol.asyncDispose]();
  }
}

function treeOnNoexec(): MountedTree {
  const tree = new MountedTree();
  tree.addProfile('a');
  tree.mount(tree.scandir, '-t', 'tmpfs', '-o', `noexec,mode=755,uid=${HERMES.uid},gid=${HERMES.gid}`, 'tmpfs');
  return tree;
}

const WHY = /with noexec; mount -o remount,exec \/\S+ .*name that with --scandir or S6_PROFILE_GATEWAY_SCANDIR\n$/;

describeS6('a scan directory on which no program may be started', () => {
  test.each(['start', 'restart'])('is the reason that %s gives at once, with what to do', async (verb) => {
    await using tree = treeOnNoexec();
    await tree.start();
    await tree.does('create', 'a');
    await tree.tool('s6-svscanctl', ['-a', tree.scandir]);
    await expect.poll(async () => (await tree.status('a')).supervised).toBe(true);
    // Longer than a test may take: it is not waited for.
    const { code, stdout, stderr } = await tree.hermesS6([verb, 'a', '--timeout', '3600']);
    expect({ code, stdout, stderr }).toEqual({ code: 78, stdout: '', stderr: expect.stringMatching(WHY) });
    expect(stderr).toContain(`cannot ${verb} gateway 'a': s6-supervise cannot run anything in ${tree.slot('a')}`);
  });

  test('is the reason that register gives, which leaves no slot behind', async () => {
    await using tree = treeOnNoexec();
    await tree.start();
    const { code, stderr } = await tree.hermesS6(['register', 'a']);
    expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringMatching(WHY) });
    expect(existsSync(tree.slot('a'))).toBe(false);
  });

  test('is a warning of reconcile, which makes the slots, and a failed check of the doctor', async () => {
    await using tree = treeOnNoexec();
    await tree.start();
    const reconciled = await tree.hermesS6(['reconcile']);
    expect(reconciled).toMatchObject({ code: 0, stderr: expect.stringMatching(WHY) });
    const { code, stdout } = await tree.hermesS6(['doctor', '--json']);
    expect(code).toBe(10);
    expect(JSON.parse(stdout).checks).toContainEqual({
      profile: null,
      check: 'scan directory programs',
      ok: false,
      found: expect.stringContaining('with noexec'),
      cure: expect.stringMatching(/^mount -o remount,exec/),
    });
    expect((await tree.hermesS6(['doctor'])).stdout).toMatch(/^FAIL scan directory programs: .* noexec/m);
  });

  test('is none any more after the printed command', async () => {
    await using tree = treeOnNoexec();
    await tree.start();
    const { stderr } = await tree.hermesS6(['register', 'a']);
    const command = /mount -o remount,exec \S+/.exec(stderr)?.[0] ?? '';
    expect((await tree.tool('sh', ['-c', command], 'root')).code).toBe(0);
    await tree.does('register', 'a');
    expect(await tree.status('a')).toMatchObject({ state: 'running', ready: true });
  });
});

describeS6('a desired state that is a mount point', () => {
  test('cannot be changed, so start leaves the gateway as it is and says what to mount', async () => {
    await using tree = new MountedTree();
    const text = '{"desired_state":"stopped"}';
    const home = tree.addProfile('a', { 'desired_state.json': text });
    writeFileSync(join(tree.directory, 'other'), text);
    tree.mount(join(home, 'desired_state.json'), '--bind', join(tree.directory, 'other'));
    await tree.start();
    await tree.does('register', 'a', '--down');
    const { code, stderr } = await tree.hermesS6(['start', 'a']);
    expect({ code, stderr }).toEqual({
      code: 78,
      stderr: expect.stringMatching(/'a' is left as it is: cannot write .*desired_state.json: .*mount the directory/),
    });
    expect((await tree.status('a')).state).toBe('stopped');
    tree.unmountAll();
    await tree.does('start', 'a');
  });
});
