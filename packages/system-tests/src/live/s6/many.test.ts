import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { finish } from './run.ts';
import { describeS6 } from './suite.ts';
import { Tree } from './tree.ts';

/** How often a reconcile is killed. */
const KILLS = Number(process.env.HERMES_RECONCILE_KILLS || 12);

const SLOT = 'down finish log max-death-tally notification-fd run supervise timeout-kill type event'.split(' ').sort();

/** What each profile's last line in the boot log says. */
function bootLog(tree: Tree): Map<string, string> {
  const lines = readFileSync(join(tree.home, 'logs/container-boot.log'), 'utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => [/profile=("(?:[^"\\]|\\.)*"|\S+)/.exec(line)?.[1] ?? line, line]));
}

describeS6('a thousand profiles', () => {
  test('are brought back in one run, and what is wrong with some stops none of the others', async () => {
    await using tree = new Tree();
    for (let index = 0; index < 1_000; index++) tree.addProfile(`p${index}`);
    const poisoned = join(tree.home, 'profiles');
    tree.addProfile('Bad Name');
    tree.addProfile('x'.repeat(252));
    tree.addProfile('line\nbreak');
    tree.addProfile('ünïcode');
    tree.addProfile('corrupt', { 'gateway_state.json': '{"gateway_state":"runn', 'desired_state.json': '\0\u0001' });
    tree.addProfile('huge', { 'gateway_state.json': `{"gateway_state":"running"${' '.repeat(70_000)}}` });
    symlinkSync('/', join(poisoned, 'link'));
    mkdirSync(join(poisoned, 'locked'), { mode: 0o000 });
    tree.addProfile('a-gateway', { 'gateway_state.json': '{"gateway_state":"running"}' });

    const { entries } = JSON.parse(await tree.does('reconcile', '--json', '--max-services', '2000'));
    const count = (action: string) => entries.filter((entry: { action: string }) => entry.action === action).length;
    expect({ started: count('started'), registered: count('registered'), skipped: count('skipped') }).toEqual({
      started: 1,
      registered: 1_003,
      skipped: 6,
    });
    const log = bootLog(tree);
    expect(log.get('link')).toMatch(/action=skipped reason="is a link"$/);
    expect(log.get('locked')).toMatch(/action=skipped reason="unreadable \(EACCES\)"$/);
    expect(log.get('"line\\nbreak"')).toMatch(/action=skipped reason="bad name/);
    expect(log.get('corrupt')).toMatch(/action=registered reason="desired_state.json cannot be understood"$/);
    expect(log.get('a-gateway')).toMatch(/prior_state=running action=started$/);
    expect(readdirSync(tree.slot('p999')).sort()).toEqual(SLOT);
  });

  test('are named one by one where s6-svscan has no room for them, and those that are to run come first', async () => {
    await using tree = new Tree();
    for (const name of ['a', 'b', 'c']) tree.addProfile(name);
    tree.addProfile('z', { 'gateway_state.json': '{"gateway_state":"running"}' });
    await tree.does('reconcile', '--max-services', '2');
    const log = bootLog(tree);
    expect(log.get('z')).toMatch(/action=started$/);
    for (const name of ['a', 'b', 'c']) expect(log.get(name)).toMatch(/skipped reason="s6-svscan supervises at most 2/);
  });
});

describeS6('a reconcile that is killed', () => {
  test('leaves whole slots or none, and the next one makes everything good', {
    timeout: 60_000 + KILLS * 2_000,
  }, async () => {
    await using tree = new Tree();
    const names = Array.from({ length: 300 }, (_, index) => `p${index}`);
    for (const name of names) tree.addProfile(name);
    const begun = performance.now();
    await tree.does('reconcile');
    const duration = performance.now() - begun;
    let killed = 0;
    let partly = 0;
    for (let round = 0; round < KILLS; round++) {
      // Another definition each time, so that every slot is replaced.
      const child = tree.spawnHermesS6(['reconcile', '--command', `gateway-${round}`]);
      const finished = finish(child);
      // From before it has read anything until after it has published everything.
      await delay(duration * (0.4 + 0.6 * (round / KILLS)));
      if (child.kill('SIGKILL')) killed += 1;
      await finished;
      const runs = readdirSync(tree.scandir).flatMap((slot) => {
        if (!slot.startsWith('gateway-')) return [];
        expect(readdirSync(join(tree.scandir, slot)).sort()).toEqual(SLOT);
        return [readFileSync(join(tree.scandir, slot, 'run'), 'utf8')];
      });
      const fresh = runs.filter((run) => run.includes(`exec gateway-${round} run`)).length;
      if (fresh > 0 && fresh < runs.length) partly += 1;
    }
    console.info(`${killed} of ${KILLS} runs were killed, ${partly} of them in the middle of publishing`);
    await tree.does('reconcile');
    expect(readdirSync(tree.scandir).sort()).toEqual(
      ['.hermes-s6', 'gateway-default', ...names.map((name) => `gateway-${name}`)].sort(),
    );
    for (const left of ['new', 'old']) expect(readdirSync(join(tree.scandir, '.hermes-s6', left))).toEqual([]);
    await tree.start();
    await expect.poll(async () => [...(await tree.list()).values()].every(({ supervised }) => supervised)).toBe(true);
  });
});

describeS6('a restart of the container', () => {
  test.each(['user', 'root'] as const)(
    "brings back what ran, and leaves down what was stopped, in %s's tree",
    async (kind) => {
      await using tree = new Tree({ tree: kind });
      for (const name of ['ran', 'stopped', 'never']) tree.addProfile(name);
      tree.addProfile('drained', { 'gateway_state.json': '{"gateway_state":"draining"}' });
      tree.addProfile('failed', { 'gateway_state.json': '{"gateway_state":"startup_failed"}' });
      const states = async () => [...(await tree.list()).values()].map(({ profile, state }) => `${profile} ${state}`);
      await tree.does('reconcile');
      await tree.start();
      await tree.does('start', 'ran');
      await tree.does('start', 'stopped');
      await tree.does('stop', 'stopped');
      const after = ['default down', 'drained up', 'failed down', 'never down', 'ran up', 'stopped down'];
      for (let restart = 0; restart < 2; restart++) {
        await tree.stop();
        expect(tree.processes).toEqual([]);
        tree.wipe();
        await tree.does('reconcile');
        await tree.start();
        await expect.poll(states).toEqual(after);
      }
    },
  );

  test('leaves a log of each boot that can be read while it grows', async () => {
    await using tree = new Tree();
    for (let index = 0; index < 300; index++) tree.addProfile(`profile-${index}`);
    const path = join(tree.home, 'logs/container-boot.log');
    mkdirSync(join(tree.home, 'logs'));
    writeFileSync(path, `${'x'.repeat(250 * 1024)}\n`);
    tree.give(join(tree.home, 'logs'));
    tree.give(path);
    const running = tree.does('reconcile').then(() => true);
    const partial: string[] = [];
    while (!(await Promise.race([running, delay(5).then(() => false)]))) {
      const last = readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '';
      if (!/^x+$|action=\S+$/.test(last)) partial.push(last);
    }
    expect(partial).toEqual([]);
    await tree.does('reconcile');
    expect(readFileSync(`${path}.1`, 'utf8')).toMatch(/profile=profile-299 /);
    const { stdout } = await tree.hermesS6(['boot-log', '--json', '-n', '1000000']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(602);
  });
});
