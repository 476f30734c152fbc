import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { homeWith } from '../testing/homes.ts';

const UID = 64_001;
const MAIN = join(import.meta.dirname, '../main.ts');
const SWAP_PLACES = join(import.meta.dirname, '../testing/programs/swap-places.ts');

/** For a night: how often the user exchanges the scan directory, at least, and how often root reconciles meanwhile. */
const SWAPS = Number(process.env.HERMES_TEST_SWAPS || 1_500);
const RECONCILES = Math.max(8, Math.ceil(SWAPS / 2_500));

function reconcile(home: string, scandir: string, user: string) {
  const args = [MAIN, 'reconcile', '--home', home, '--scandir', scandir, '--user', user];
  const env = { PATH: process.env.PATH };
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, timeout: 120_000 });
  return { status, stderr };
}

/** Everything below that belongs to root; no link is followed. */
function rootsIn(directory: string): string[] {
  const found = spawnSync('find', ['-P', directory, '-mindepth', '1', '-uid', '0'], { encoding: 'utf8' });
  return found.stdout.split('\n').filter((path) => path !== '');
}

function place(): string {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  return directory;
}

function directoryOf(uid: number, path: string, mode = 0o755): string {
  mkdirSync(path, { recursive: true });
  chownSync(path, uid, uid);
  chmodSync(path, mode);
  return path;
}

describe.skipIf(lacking('root, to run as root and as users', isRoot()))('hermes-s6 as root', () => {
  it.each([
    ['a link of a user to a sticky directory of root’s', 'link'],
    ['a directory of root’s that everybody can write to', '../sticky'],
  ])('does nothing in %s, and says why', (_what, name) => {
    const root = place();
    const sticky = directoryOf(0, join(root, 'sticky'), 0o1777);
    const theirs = directoryOf(UID, join(root, 'theirs'));
    symlinkSync(sticky, join(theirs, 'link'));
    directoryOf(UID, join(sticky, '.hermes-s6'));
    const { status, stderr } = reconcile(directoryOf(UID, join(root, 'home')), join(theirs, name), `${UID}:${UID}`);
    expect({ status, stderr }).toEqual({
      status: 5,
      stderr: expect.stringMatching(/^hermes-s6: root does not work in .*\n$/),
    });
    expect(rootsIn(sticky)).toEqual([]);
  });

  it('does not use a .hermes-s6 of another user', () => {
    const scandir = directoryOf(0, join(place(), 'scan'));
    directoryOf(UID, join(scandir, '.hermes-s6'));
    expect(reconcile(homeWith(), scandir, '0:0')).toEqual({
      status: 5,
      stderr: expect.stringContaining(`.hermes-s6 belongs to uid ${UID}`),
    });
    expect(readdirSync(scandir)).toEqual(['.hermes-s6']);
  });

  it('writes nothing as root into a home of a user, also when it drops to no user', () => {
    const root = place();
    const home = directoryOf(UID, join(root, 'home'));
    expect(reconcile(home, directoryOf(0, join(root, 'scan')), '0:0')).toEqual({
      status: 5,
      stderr: expect.stringContaining(`it belongs to uid ${UID}`),
    });
    expect(readdirSync(home)).toEqual([]);
  });

  it(`never works as root where its user exchanges the scan directory, ${SWAPS} times`, {
    timeout: 900_000,
  }, async () => {
    const root = place();
    const precious = join(root, 'precious');
    writeFileSync(precious, 'precious', { mode: 0o600 });
    const sticky = directoryOf(0, join(root, 'sticky'), 0o1777);
    // What root would find half built: a slot whose parts are links to root's file.
    const decoy = directoryOf(UID, join(sticky, '.hermes-s6/new/gateway-default'));
    for (const part of ['event', 'supervise', 'log']) symlinkSync(precious, join(decoy, part));
    spawnSync('chown', ['-Rh', `${UID}:${UID}`, join(sticky, '.hermes-s6')]);
    const theirs = directoryOf(UID, join(root, 'theirs'));
    const home = directoryOf(UID, join(theirs, 'home'));
    const scandir = directoryOf(UID, join(theirs, 'scan'));
    symlinkSync(sticky, join(theirs, 'link'));
    lchownSync(join(theirs, 'link'), UID, UID);
    const swapper = spawn(process.execPath, [SWAP_PLACES, scandir, join(theirs, 'link'), String(SWAPS)], {
      uid: UID,
      gid: UID,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void swapper.kill('SIGKILL'));
    const swapped = text(swapper.stdout);
    const statuses = new Set<number | null>();
    for (let n = 0; n < RECONCILES; n++) {
      statuses.add(reconcile(home, scandir, `${UID}:${UID}`).status);
      const { uid, mode } = lstatSync(precious);
      expect({ uid, mode: mode & 0o7777 }).toEqual({ uid: 0, mode: 0o600 });
    }
    swapper.kill('SIGTERM');
    await once(swapper, 'exit');
    expect(Number(await swapped)).toBeGreaterThanOrEqual(SWAPS);
    expect(rootsIn(sticky)).toEqual([]);
    expect(rootsIn(theirs)).toEqual([]);
    // 7: at that moment there was no scan directory.
    expect([...statuses].filter((status) => ![0, 1, 5, 7].includes(status ?? -1))).toEqual([]);
  });
});
