import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readDesiredState } from '@hermes/drain-contract';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { homeWith } from '../testing/homes.ts';
import { readBootLog } from './boot-log.ts';
import { reconcile } from './reconcile.ts';

const defaults = { command: 'hermes-gateway', maxServices: 500 };

const summaryOf = ({ entries }: Awaited<ReturnType<typeof reconcile>>) =>
  entries.map(({ profile, action }) => `${profile} ${action}`);

describe('reconciling a home', () => {
  it('makes a slot for every profile, up or down, and says so in the boot log', async () => {
    const home = homeWith({ a: { 'desired_state.json': '{"desired_state":"running"}' }, b: {}, Bad: {} });
    const scandir = temporaryDirectory();
    const report = await reconcile({ ...defaults, home, scandir });
    expect(summaryOf(report)).toEqual(['default registered', 'Bad skipped', 'a started', 'b registered']);
    expect(report.warnings).toEqual([]);
    expect(readdirSync(scandir).sort()).toEqual(['.hermes-s6', 'gateway-a', 'gateway-b', 'gateway-default']);
    expect(existsSync(join(scandir, 'gateway-a/down'))).toBe(false);
    expect(existsSync(join(scandir, 'gateway-b/down'))).toBe(true);
    expect(readBootLog({ home })).toEqual(report.entries);
  });

  it('records that a gateway is to run when it starts one that no file says so of, and overwrites nothing', async () => {
    const stopped = '{"desired_state":"stopped","updated_at":null}';
    const home = homeWith({
      'by-state': { 'gateway_state.json': '{"gateway_state":"draining"}' },
      'by-field': { 'gateway_state.json': '{"gateway_state":"stopped","desired_state":"running"}' },
      stopped: { 'gateway_state.json': '{"gateway_state":"running"}', 'desired_state.json': stopped },
      unclear: { 'gateway_state.json': '{"gateway_state":"running"}', 'desired_state.json': 'running' },
      down: { 'gateway_state.json': '{"gateway_state":"stopped"}' },
    });
    const scandir = temporaryDirectory();
    await reconcile({ ...defaults, home, scandir, dryRun: true });
    expect(existsSync(join(home, 'profiles/by-state/desired_state.json'))).toBe(false);
    const { entries, warnings } = await reconcile({ ...defaults, home, scandir });
    expect(warnings).toEqual([]);
    expect(entries.map(({ profile, action, desired, reason }) => [profile, action, desired, reason])).toEqual([
      ['default', 'registered', null, 'no state known'],
      ['by-field', 'started', 'running', 'desired_state in gateway_state.json'],
      ['by-state', 'started', null, 'the last state of the gateway'],
      ['down', 'registered', null, 'the last state of the gateway'],
      ['stopped', 'registered', 'stopped', 'desired_state.json'],
      ['unclear', 'started', null, 'desired_state.json cannot be understood; the last state of the gateway'],
    ]);
    const desired = (name: string) => readDesiredState({ home: join(home, 'profiles', name) })?.desired_state;
    expect(['by-state', 'by-field', 'stopped', 'unclear', 'down'].map(desired)).toEqual([
      'running',
      'running',
      'stopped',
      undefined,
      undefined,
    ]);
    expect(readFileSync(join(home, 'profiles/unclear/desired_state.json'), 'utf8')).toBe('running');
  });

  it.skipIf(lacking('root, to lack rights on a home', isRoot()))(
    'continues where the desired state cannot be recorded, and reports it',
    async () => {
      const home = homeWith({ a: { 'gateway_state.json': '{"gateway_state":"running"}' } });
      chmodSync(home, 0o755);
      const user = { uid: 10_000, gid: 10_000 };
      const { entries, warnings } = await reconcile({ ...defaults, home, scandir: temporaryDirectory(), user });
      expect(entries.map(({ action }) => action)).toEqual(['registered', 'started']);
      expect(warnings[0]).toMatch(/^cannot record that a is to run/);
      expect(existsSync(join(home, 'profiles/a/desired_state.json'))).toBe(false);
    },
  );

  it('does the same again, and nothing else', async () => {
    const home = homeWith({ a: { 'gateway_state.json': '{"gateway_state":"running"}' } });
    const scandir = temporaryDirectory();
    const first = await reconcile({ ...defaults, home, scandir });
    const run = readFileSync(join(scandir, 'gateway-a/run'), 'utf8');
    expect(summaryOf(await reconcile({ ...defaults, home, scandir }))).toEqual(summaryOf(first));
    expect(readFileSync(join(scandir, 'gateway-a/run'), 'utf8')).toBe(run);
    expect(readdirSync(join(scandir, '.hermes-s6/old'))).toEqual([]);
  });

  it('leaves a slot that is as it would be built, and builds anew what differs in anything', async () => {
    const home = homeWith({ same: {}, edited: {}, started: {} });
    const scandir = temporaryDirectory();
    await reconcile({ ...defaults, home, scandir });
    const inode = (name: string) => statSync(join(scandir, `gateway-${name}`)).ino;
    const before = ['default', 'same', 'edited', 'started'].map(inode);
    appendFileSync(join(scandir, 'gateway-edited/run'), '# edited\n');
    writeFileSync(join(home, 'profiles/started/desired_state.json'), '{"desired_state":"running"}');
    const report = await reconcile({ ...defaults, home, scandir });
    expect(summaryOf(report)).toEqual([
      'default registered',
      'edited registered',
      'same registered',
      'started started',
    ]);
    const after = ['default', 'same', 'edited', 'started'].map(inode);
    expect(after.map((ino, index) => ino === before[index])).toEqual([true, true, false, false]);
    expect(readFileSync(join(scandir, 'gateway-edited/run'), 'utf8')).not.toContain('# edited');
    expect(existsSync(join(scandir, 'gateway-started/down'))).toBe(false);
  });

  it('leaves every profile that was not migrated to the reference system', async () => {
    const running = { 'gateway_state.json': '{"gateway_state":"running"}' };
    const home = homeWith({ a: { ...running, '.migration.json': '{}' }, b: running });
    const scandir = temporaryDirectory();
    const run = `#!/bin/sh\nexport HERMES_HOME=${home}\nexec hermes -p NAME gateway run\n`;
    for (const name of ['a', 'b', 'default']) {
      mkdirSync(join(scandir, `gateway-${name}`));
      writeFileSync(join(scandir, `gateway-${name}/run`), run.replace('NAME', name));
    }
    expect(summaryOf(await reconcile({ ...defaults, home, scandir, migratedOnly: true }))).toEqual(['a started']);
    const runs = ['a', 'b', 'default'].map((name) => readFileSync(join(scandir, `gateway-${name}/run`), 'utf8'));
    expect(runs.map((text) => text.includes('gateway run\n'))).toEqual([false, true, true]);
    expect(existsSync(join(home, 'profiles/b/desired_state.json'))).toBe(false);
  });

  it.each([
    ['another home', '/elsewhere', ['default registered', 'a skipped']],
    ['this home', undefined, ['default registered', 'a registered']],
  ])('takes the slot of the reference system for that of %s', async (_what, elsewhere, expected) => {
    const home = homeWith({ a: {} });
    const scandir = temporaryDirectory();
    mkdirSync(join(scandir, 'gateway-a'));
    const run = `#!/bin/sh\nexport HERMES_HOME=${elsewhere ?? home}\nexec hermes gateway run\n`;
    writeFileSync(join(scandir, 'gateway-a/run'), run);
    expect(summaryOf(await reconcile({ ...defaults, home, scandir }))).toEqual(expected);
  });

  it('only tells the plan on a dry run, and changes nothing', async () => {
    const home = homeWith({ a: { 'gateway.pid': '7' } });
    const scandir = temporaryDirectory();
    expect(summaryOf(await reconcile({ ...defaults, home, scandir, dryRun: true }))).toEqual([
      'default registered',
      'a registered',
    ]);
    expect(readdirSync(scandir)).toEqual([]);
    expect(readdirSync(home)).toEqual(['profiles']);
    expect(existsSync(join(home, 'profiles/a/gateway.pid'))).toBe(true);
  });

  it('removes files that name processes of another container, and leaves alone what a link leads to', async () => {
    const home = homeWith({ a: { 'gateway.pid': '7', 'processes.json': '[]' }, b: {} });
    const precious = join(temporaryDirectory(), 'precious');
    writeFileSync(precious, '');
    symlinkSync(precious, join(home, 'gateway.pid'));
    mkdirSync(join(home, 'profiles/b/gateway.pid'));
    const { warnings } = await reconcile({ ...defaults, home, scandir: temporaryDirectory() });
    expect(readdirSync(join(home, 'profiles/a'))).toEqual(['SOUL.md']);
    expect(existsSync(join(home, 'gateway.pid'))).toBe(false);
    expect(existsSync(precious)).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/^profile b: stale gateway.pid cannot be removed \(E/)]);
  });

  it('removes what an interrupted run left in its staging area', async () => {
    const home = homeWith({ a: {} });
    const scandir = temporaryDirectory();
    for (const leftover of ['new/gateway-a/supervise', 'old/gateway-gone/log']) {
      mkdirSync(join(scandir, '.hermes-s6', leftover), { recursive: true });
    }
    await reconcile({ ...defaults, home, scandir });
    expect(readdirSync(join(scandir, '.hermes-s6/new'))).toEqual([]);
    expect(readdirSync(join(scandir, '.hermes-s6/old'))).toEqual([]);
    expect(existsSync(join(scandir, 'gateway-a/run'))).toBe(true);
  });

  it('continues when another file is in the place of one slot', async () => {
    const home = homeWith({ a: {}, b: {} });
    const scandir = temporaryDirectory();
    writeFileSync(join(scandir, 'gateway-a'), 'in the way');
    expect(summaryOf(await reconcile({ ...defaults, home, scandir }))).toEqual([
      'default registered',
      'a registered',
      'b registered',
    ]);
    expect(existsSync(join(scandir, 'gateway-a/run'))).toBe(true);
  });

  it('removes the slot of a deleted profile that a kept /run still has, and no other that it has no profile for', async () => {
    const home = homeWith({ a: {}, b: {}, c: {} });
    const scandir = temporaryDirectory();
    await reconcile({ ...defaults, home, scandir });
    const other = homeWith({ stranger: {} });
    await reconcile({ ...defaults, home: other, scandir: join(scandir) });
    mkdirSync(join(scandir, 'gateway-by-hand'));
    for (const name of ['a', 'b']) rmSync(join(home, 'profiles', name), { recursive: true });
    mkdirSync(join(home, 'profiles/b'));
    const report = await reconcile({ ...defaults, home, scandir });
    expect(summaryOf(report)).toEqual(['default registered', 'c registered', 'a removed']);
    expect(readBootLog({ home }).at(-1)).toMatchObject({ action: 'removed', reason: 'its profile was deleted' });
    const left = ['gateway-b', 'gateway-by-hand', 'gateway-c', 'gateway-default', 'gateway-stranger'];
    expect(readdirSync(scandir).sort()).toEqual(['.hermes-s6', ...left]);
    expect(readdirSync(join(scandir, '.hermes-s6/old'))).toEqual([]);
  });

  it('removes no slot when the profiles are not there as a whole, as on a volume that is not mounted', async () => {
    const home = homeWith({ a: {} });
    const scandir = temporaryDirectory();
    await reconcile({ ...defaults, home, scandir });
    rmSync(join(home, 'profiles'), { recursive: true });
    expect(summaryOf(await reconcile({ ...defaults, home, scandir }))).toEqual(['default registered']);
    expect(existsSync(join(scandir, 'gateway-a'))).toBe(true);
  });

  it('makes nothing when it is only to refresh, and says nothing in the boot log', async () => {
    const home = homeWith({ a: { 'gateway.pid': '7' } });
    const scandir = temporaryDirectory();
    expect(await reconcile({ ...defaults, home, scandir, refreshOnly: true })).toEqual({ entries: [], warnings: [] });
    expect(readdirSync(scandir)).toEqual(['.hermes-s6']);
    expect(readdirSync(home)).toEqual(['profiles']);
    expect(existsSync(join(home, 'profiles/a/gateway.pid'))).toBe(true);
  });

  it('works without a boot log when it cannot be written, and says so', async () => {
    const home = homeWith({ a: {} });
    writeFileSync(join(home, 'logs'), '');
    const { entries, warnings } = await reconcile({ ...defaults, home, scandir: temporaryDirectory() });
    expect(entries).toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining(`cannot write the boot log of ${home}`)]);
  });

  it('fails with nothing changed where there is no scan directory', async () => {
    const home = homeWith({ a: {} });
    const scandir = join(temporaryDirectory(), 'nowhere');
    await expect(reconcile({ ...defaults, home, scandir })).rejects.toMatchObject({ kind: 'failed' });
    expect(existsSync(scandir)).toBe(false);
    expect(existsSync(join(home, 'logs'))).toBe(false);
  });
});
