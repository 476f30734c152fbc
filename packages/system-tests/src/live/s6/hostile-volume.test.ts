import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import { finish } from './run.ts';
import { describeS6 } from './suite.ts';
import { Tree } from './tree.ts';

drives('s6', 'hostile volumes', { s6: 'dpkg-query -W s6' });

/** How often root reconciles while the volume changes under it. */
const ROUNDS = 6;

/** Root's own files, beside the tree: every path, type, mode, owner, time and content of them. */
class Precious {
  readonly directory: string;
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
    this.directory = join(tree.directory, 'precious');
    mkdirSync(join(this.directory, 'sub'), { recursive: true });
    // What a link could be made to look like: the names that the reconciler reads, writes and removes.
    for (const name of [
      'gateway.pid',
      'processes.json',
      'container-boot.log',
      'status',
      'control',
      'SOUL.md',
      'sub/file',
    ]) {
      writeFileSync(join(this.directory, name), 'precious');
      chmodSync(join(this.directory, name), 0o600);
    }
    writeFileSync(join(this.directory, 'desired_state.json'), '{"desired_state":"running"}');
    chmodSync(join(this.directory, 'desired_state.json'), 0o600);
  }

  path(name = ''): string {
    return join(this.directory, name);
  }

  async state(): Promise<string> {
    const shown = await this.#tree.tool('find', [this.directory, '-printf', '%P %y %m %U:%G %T@ %s\n'], 'root');
    const sums = await this.#tree.tool('sh', ['-c', `find ${this.directory} -type f | sort | xargs sha256sum`], 'root');
    return shown.stdout + sums.stdout;
  }
}

type Trap = [what: string, set: (home: string, precious: Precious) => void];

const replace = (path: string, make: (path: string) => void) => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  make(path);
};

const TRAPS: Trap[] = [
  [
    'a link for each file',
    (home, precious) => {
      for (const name of ['gateway.pid', 'processes.json', 'desired_state.json', 'gateway_state.json']) {
        replace(join(home, name), (path) => symlinkSync(precious.path(name), path));
      }
    },
  ],
  [
    'a FIFO for each file',
    (home) => {
      for (const name of ['gateway.pid', 'desired_state.json', 'gateway_state.json'])
        rmSync(join(home, name), { force: true });
    },
  ],
  [
    'a directory for each file',
    (home) => {
      for (const name of ['gateway.pid', 'desired_state.json', 'gateway_state.json'])
        replace(join(home, name), mkdirSync);
    },
  ],
  [
    'a link for the logs',
    (home, precious) => replace(join(home, 'logs'), (path) => symlinkSync(precious.directory, path)),
  ],
  [
    'a link for the boot log',
    (home, precious) =>
      replace(join(home, 'logs/container-boot.log'), (path) => symlinkSync(precious.path('container-boot.log'), path)),
  ],
  [
    'a link for all profiles',
    (home, precious) => replace(join(home, 'profiles'), (path) => symlinkSync(precious.directory, path)),
  ],
  [
    'a link for a profile',
    (home, precious) => replace(join(home, 'profiles/a'), (path) => symlinkSync(precious.directory, path)),
  ],
  [
    'a hard link to a file of its own',
    (home) => {
      writeFileSync(join(home, 'own'), 'own');
      replace(join(home, 'gateway.pid'), (path) => linkSync(join(home, 'own'), path));
    },
  ],
];

describeS6('as root, on a volume that the unprivileged user can write', () => {
  test.each(TRAPS)('with %s, nothing of root is read into, written, removed or changed', async (what, set) => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('default');
    tree.addProfile('a');
    const precious = new Precious(tree);
    set(tree.home, precious);
    if (what.includes('FIFO')) {
      await tree.tool(
        'mkfifo',
        ['gateway.pid', 'desired_state.json', 'gateway_state.json'].map((name) => join(tree.home, name)),
      );
    }
    await tree.tool('chown', ['-Rh', '10000:10000', tree.home], 'root');
    const before = await precious.state();
    const output = await tree.does('reconcile');
    // The desired state that root could read behind a link has started nothing.
    expect(output).toContain('profile=default prior_state=None action=registered');
    await tree.start();
    await tree.hermesS6(['start', 'a', '--timeout', '1']);
    await tree.hermesS6(['stop', 'a']);
    await tree.hermesS6(['unregister', 'a']);
    expect(await precious.state()).toBe(before);
  });

  test('while directories and links change places in a loop, nothing of root is touched, and nothing hangs', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('default');
    tree.addProfile('a', { 'gateway.pid': '1' });
    const precious = new Precious(tree);
    mkdirSync(join(tree.home, 'logs'));
    await tree.tool('chown', ['-Rh', '10000:10000', tree.home], 'root');
    const before = await precious.state();
    const swap = `
      cd "$0" && ln -s "$1" link && while [ ! -e stop ]; do
        mv profiles/a aside && mv link profiles/a && mv profiles/a link && mv aside profiles/a
        mv logs aside && mv link logs && mv logs link && mv aside logs
        : >profiles/a/gateway.pid
      done`;
    const swapping = tree.tool('sh', ['-c', swap, tree.home, precious.directory]);
    for (let round = 0; round < ROUNDS; round++) {
      expect((await tree.hermesS6(['reconcile'])).code).toBe(0);
    }
    writeFileSync(join(tree.home, 'stop'), '');
    await swapping;
    expect(await precious.state()).toBe(before);
  });

  test('a user who swaps directories inside a slot that is being removed leads root nowhere', async () => {
    await using tree = new Tree({ tree: 'root' });
    tree.addProfile('a');
    const precious = new Precious(tree);
    const before = await precious.state();
    const swap = `
      cd "$0/supervise" || exit 0
      ln -s "$1" trap; while [ ! -e "$2/stop" ]; do mv event away; mv trap event; mv event trap; mv away event; done 2>/dev/null`;
    for (let round = 0; round < ROUNDS; round++) {
      await tree.does('create', 'a');
      const swapping = tree.tool('sh', ['-c', swap, tree.slot('a'), precious.directory, tree.home]);
      await tree.does('unregister', 'a');
      writeFileSync(join(tree.home, 'stop'), '');
      await swapping;
      rmSync(join(tree.home, 'stop'));
    }
    expect(await precious.state()).toBe(before);
  });

  test("on the unprivileged user's own scan directory, root becomes that user first", async () => {
    await using tree = new Tree();
    tree.addProfile('a');
    const { code } = await tree.hermesS6(['reconcile'], { as: 'root' });
    expect(code).toBe(0);
    const { stdout } = await tree.tool('find', [tree.scandir, '!', '-user', '10000'], 'root');
    expect(stdout).toBe('');
  });
});

describeS6("in the unprivileged user's own tree", () => {
  test('no process of root works in anything that the user can write', async () => {
    await using tree = new Tree();
    tree.addProfile('a', { 'desired_state.json': '{"desired_state":"running"}' });
    await tree.does('reconcile');
    await tree.start();
    await expect.poll(async () => (await tree.status('a')).state).toBe('running');
    const owners = await tree.tool('ps', ['-o', 'uid=', '-p', tree.processes.join(',')], 'root');
    expect(new Set(owners.stdout.trim().split(/\s+/))).toEqual(new Set(['10000']));
  });

  test('the control FIFO of a slot replaced by one that nobody reads, or a link, is not written through', async () => {
    await using tree = new Tree();
    tree.addProfile('a');
    await tree.does('reconcile');
    const target = join(tree.home, 'target');
    writeFileSync(target, 'unharmed');
    tree.give(target);
    renameSync(tree.slot('a', 'supervise/control'), tree.slot('a', 'supervise/old'));
    symlinkSync(target, tree.slot('a', 'supervise/control'));
    expect(await tree.hermesS6(['start', 'a'])).toMatchObject({ code: 7 });
    expect(await finish(tree.spawnHermesS6(['list']))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('a: not supervised'),
    });
    expect((await tree.tool('cat', [target])).stdout).toBe('unharmed');
  });
});
