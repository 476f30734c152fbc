import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Finished, finish } from './run.ts';
import { describeS6 } from './suite.ts';
import { HERMES, Tree } from './tree.ts';

const HERMES_GATEWAY = fileURLToPath(new URL('../../../node_modules/.bin/hermes-gateway', import.meta.url));

function profile(tree: Tree, ...args: string[]): Promise<Finished> {
  const env = {
    PATH: `${dirname(HERMES_GATEWAY)}:${process.env.PATH}`,
    HERMES_HOME: tree.home,
    S6_PROFILE_GATEWAY_SCANDIR: tree.scandir,
  };
  const stdio = ['ignore', 'pipe', 'pipe'] as ('ignore' | 'pipe')[];
  return finish(spawn(HERMES_GATEWAY, ['profile', ...args], { cwd: '/', env, stdio, ...HERMES }));
}

describeS6('where a supervisor runs', () => {
  test('a new profile has a real gateway at once, and a deleted one leaves no process and no slot', async () => {
    await using tree = new Tree();
    tree.addProfile('default');
    await tree.start();
    const before = tree.processes.length;
    const created = await profile(tree, 'create', 'support', '--json');
    expect(JSON.parse(created.stdout)).toMatchObject({ name: 'support', registered: true });
    expect(await profile(tree, 'list')).toMatchObject({
      stdout: expect.stringMatching(/^support: running, port \d+, desired state running, slot running$/m),
    });
    expect(await profile(tree, 'delete', 'support', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(tree.profileHome('support'))).toBe(false);
    expect(existsSync(tree.slot('support'))).toBe(false);
    expect(tree.processes).toHaveLength(before);
  });

  test('a profile that cannot be started is made, and what to do about it is told', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('default');
    await tree.start();
    const { code, stderr } = await profile(tree, 'create', 'support');
    // That user may not add slots to root's tree, nor see whether anybody scans it.
    expect({ code, stderr }).toEqual({
      code: 78,
      stderr: expect.stringMatching(/^hermes-gateway: created .*support, but .*hermes-s6 register support/),
    });
    expect(existsSync(tree.profileHome('support'))).toBe(true);
  });
});
