import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listProfiles, type Mount } from '@hermes/drain-contract';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { homeWith } from '../testing/homes.ts';
import { examineMounts } from './mounts.ts';

const cannotMount = lacking('root, to mount volumes', isRoot() && runs('mount', '--version'));

/** Mounts something at `place` until the test has finished. */
function mount(place: string, ...args: string[]): void {
  execFileSync('mount', [...args, place]);
  onTestFinished(() => void spawnSync('umount', ['--lazy', place]));
}

function tmpfs(place: string, options: string): void {
  mount(place, '-t', 'tmpfs', '-o', `${options},mode=755`, 'tmpfs');
}

function look(places: { scandir?: string; home?: string }, read?: () => readonly Mount[]) {
  const { scandir = temporaryDirectory(), home = homeWith() } = places;
  return examineMounts({ scandir, home, user: undefined }, listProfiles({ home }), read);
}

/** What is not right, but for how full the disk of the test is. */
function troubles(...args: Parameters<typeof look>) {
  const isOfDisk = (check: string) => args[1] === undefined && check.endsWith('space');
  return look(...args).filter(({ ok, check, profile }) => ok !== true && !(profile === null && isOfDisk(check)));
}

describe('the mounts of a machine', () => {
  it('are checked for the scan directory and the home, one line each', () => {
    expect(look({ home: homeWith({ a: {} }) }).map(({ profile, check }) => [profile, check])).toEqual([
      [null, 'scan directory programs'],
      [null, 'scan directory mount'],
      [null, 'scan directory space'],
      [null, 'home mount'],
      [null, 'home space'],
      [null, 'home locks'],
      [null, 'mounted files'],
    ]);
    expect(troubles({})).toEqual([]);
  });

  it('that cannot be read are not taken for right', () => {
    const read = () => {
      throw Object.assign(new Error('none'), { code: 'ENOENT' });
    };
    expect(look({}, read)).toEqual([
      {
        profile: null,
        check: 'mounts',
        ok: null,
        found: 'cannot be looked at: /proc/self/mountinfo: ENOENT',
        cure: 'mount /proc',
      },
    ]);
  });

  it('of a directory that is gone, or of a chroot, are not taken for right either', () => {
    const gone = join(temporaryDirectory(), 'gone');
    expect(troubles({ scandir: gone })).toMatchObject([{ ok: null, found: `cannot be looked at: ${gone}: ENOENT` }]);
    const unknown = { ok: null, found: expect.stringMatching(/cannot be looked at: no mount of .* in a chroot/) };
    expect(troubles({}, () => [])).toMatchObject([unknown, unknown]);
  });

  it('on a network are warned of', () => {
    const nfs: Mount = {
      ...{ id: '1', parent: '0', root: '/', mountPoint: '/', type: 'nfs', source: 'server:/export' },
      options: new Set(['rw', 'nolock']),
    };
    expect(look({}, () => [nfs]).find(({ check }) => check === 'home locks')).toMatchObject({
      ok: null,
      warning: true,
      found: 'nfs with nolock: programs on other machines do not see our locks',
      cure: expect.stringContaining('keep homes on a local disk'),
    });
  });
});

describe.skipIf(cannotMount)('of real mounts', () => {
  it('a scan directory with noexec is found, with the command that mends it', () => {
    const scandir = temporaryDirectory();
    tmpfs(scandir, 'noexec');
    expect(troubles({ scandir })).toEqual([
      {
        profile: null,
        check: 'scan directory programs',
        ok: false,
        found: `${scandir} is on tmpfs (tmpfs) mounted at ${scandir} with noexec, so that s6-supervise can start no gateway`,
        cure: expect.stringMatching(/^mount -o remount,exec \/\S+ .* S6_PROFILE_GATEWAY_SCANDIR$/),
      },
    ]);
    execFileSync('mount', ['-o', 'remount,exec', scandir]);
    expect(troubles({ scandir })).toEqual([]);
  });

  it('a scan directory and a home that are read-only are found', () => {
    const [scandir, home] = [temporaryDirectory(), homeWith()];
    for (const place of [scandir, home]) tmpfs(place, 'ro');
    const about = (check: string, path: string) => ({
      ...{ profile: null, check, ok: false, found: expect.stringMatching(`^${path} is on tmpfs .*, read-only$`) },
      cure: expect.stringContaining(`mount -o remount,rw ${path}`),
    });
    expect(troubles({ scandir, home })).toEqual([about('scan directory mount', scandir), about('home mount', home)]);
  });

  it('a profile on a volume that is full is found, by its space or by its inodes', () => {
    const home = homeWith({ a: {}, b: {}, c: {}, d: {} });
    const place = (name: string) => join(home, 'profiles', name);
    const options = { a: 'size=2m', b: 'size=64m,nr_inodes=12', c: 'size=64m' };
    for (const [name, option] of Object.entries(options)) {
      tmpfs(place(name), option);
      writeFileSync(join(place(name), 'SOUL.md'), '');
    }
    writeFileSync(join(place('a'), 'filler'), Buffer.alloc(1_500_000));
    writeFileSync(join(place('c'), 'filler'), Buffer.alloc(62 * 1024 * 1024));
    expect(troubles({ home })).toMatchObject([
      { profile: 'a', check: 'home space', ok: false, found: expect.stringMatching(/^full: 0 MiB of 2 MiB/) },
      { profile: 'b', check: 'home space', ok: false, found: expect.stringMatching(/^full: .*\d of 12 inodes free$/) },
      { profile: 'c', check: 'home space', ok: null, warning: true, found: expect.stringMatching(/^nearly full: /) },
    ]);
  });

  it('single files that are mounted are found in every home, and those that are only read are all right', () => {
    const home = homeWith({ a: {} });
    const other = join(temporaryDirectory(), 'other');
    writeFileSync(other, '');
    mkdirSync(join(home, 'logs'));
    const names = ['gateway_state.json', 'logs/drain-audit.jsonl', 'config.yaml', 'profiles/a/gateway.db'];
    for (const name of names) {
      writeFileSync(join(home, name), '');
      mount(join(home, name), '--bind', other);
    }
    const about = (profile: string | null, name: string, directory: string) => ({
      profile,
      check: 'mounted files',
      ok: false,
      found: `${join(home, name)} is a mount point: it cannot be replaced, and what belongs to it is on another volume`,
      cure: `mount the directory ${directory}, not the file`,
    });
    expect(troubles({ home })).toEqual([
      about(null, 'gateway_state.json', home),
      about(null, 'logs/drain-audit.jsonl', home),
      about('a', 'profiles/a/gateway.db', join(home, 'profiles/a')),
    ]);
  });
});
