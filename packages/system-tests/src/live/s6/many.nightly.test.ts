import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { finish } from './run.ts';
import { describeS6 } from './suite.ts';
import { Tree } from './tree.ts';

/** How often a reconcile is killed. */
const KILLS = Number(process.env.HERMES_RECONCILE_KILLS || 12);

/** So many that a reconcile shares them out. */
const ON_TWO_THREADS = 2_100;

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
    expect(log.get('link')).toMatch(/action=skipped desired=None reason="is a link"$/);
    expect(log.get('locked')).toMatch(/action=skipped desired=None reason="unreadable \(EACCES\)"$/);
    expect(log.get('"line\\nbreak"')).toMatch(/action=skipped desired=None reason="bad name/);
    expect(log.get('corrupt')).toMatch(
      /action=registered desired=None reason="desired_state.json cannot be understood; no state known"$/,
    );
    expect(log.get('a-gateway')).toMatch(/prior_state=running action=started desired=None/);
    expect(readdirSync(tree.slot('p999')).sort()).toEqual(SLOT);
  });

  test('are named one by one where s6-svscan has no room for them, and those that are to run come first', async () => {
    await using tree = new Tree();
    for (const name of ['a', 'b', 'c']) tree.addProfile(name);
    tree.addProfile('z', { 'gateway_state.json': '{"gateway_state":"running"}' });
    await tree.does('reconcile', '--max-services', '2');
    const log = bootLog(tree);
    expect(log.get('z')).toMatch(/action=started desired=None reason=/);
    for (const name of ['a', 'b', 'c'])
      expect(log.get(name)).toMatch(/skipped desired=\S+ reason="s6-svscan supervises at most 2/);
  });
});

/** Resolves when there is another slot at the path, or the command that was to make it has ended. */
async function replaced(slot: string, command: Promise<unknown>): Promise<void> {
  const { ino } = statSync(slot);
  let hasEnded = false;
  void command.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && statSync(slot, { throwIfNoEntry: false })?.ino === ino) await nextTurn();
}

/**
 * Kills reconciles of so many profiles at instants from before they have read anything until they have published
 * everything. All that can be seen is whole at any time, and all is there and nothing else after the next one.
 */
async function killReconciles(tree: Tree, profiles: number, kills: number): Promise<void> {
  for (let index = 0; index < profiles; index++) tree.addProfile(`p${index}`);
  const begun = performance.now();
  const reconcile = ['reconcile', '--max-services', `${profiles + 1}`];
  await tree.does(...reconcile);
  const duration = performance.now() - begun;
  let killed = 0;
  let partly = 0;
  for (let round = 0; round < kills; round++) {
    // Another definition each time, so that every slot is replaced.
    const child = tree.spawnHermesS6([...reconcile, '--command', `gateway-${round}`]);
    const finished = finish(child);
    // In turn at an instant, and when the slot of one of them has just been replaced.
    if (round % 2 === 0) await delay(duration * (round / kills));
    else await replaced(tree.slot(`p${Math.floor(profiles * (round / kills))}`), finished);
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
  console.info(
    `${killed} of ${kills} runs over ${profiles} profiles were killed, ${partly} in the middle of publishing`,
  );
  await tree.does(...reconcile);
  const slots = Array.from({ length: profiles }, (_, index) => `gateway-p${index}`);
  expect(readdirSync(tree.scandir).sort()).toEqual(['.hermes-s6', 'gateway-default', ...slots].sort());
  for (const left of ['new', 'old']) expect(readdirSync(join(tree.scandir, '.hermes-s6', left))).toEqual([]);
}

describeS6('a reconcile that is killed', () => {
  test('leaves whole slots or none, and the next one makes everything good', {
    timeout: 150_000 + KILLS * 2_000,
  }, async () => {
    await using tree = new Tree();
    await killReconciles(tree, 150, KILLS);
    await tree.start();
    await expect
      .poll(async () => [...(await tree.list()).values()].every(({ supervised }) => supervised), { timeout: 90_000 })
      .toBe(true);
  });

  test('while it works on two threads leaves whole slots or none, too', {
    timeout: 150_000 + KILLS * 2_000,
  }, async () => {
    await using tree = new Tree();
    await killReconciles(tree, ON_TWO_THREADS, Math.ceil(KILLS / 4));
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
      const after = [
        'default stopped',
        'drained running',
        'failed stopped',
        'never stopped',
        'ran running',
        'stopped stopped',
      ];
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
      if (!/^x+$|action=\S+ desired=\S+ reason=".*"$/.test(last)) partial.push(last);
    }
    expect(partial).toEqual([]);
    await tree.does('reconcile');
    expect(readFileSync(`${path}.1`, 'utf8')).toMatch(/profile=profile-299 /);
    const { stdout } = await tree.hermesS6(['boot-log', '--json', '-n', '1000000']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(602);
  });
});
