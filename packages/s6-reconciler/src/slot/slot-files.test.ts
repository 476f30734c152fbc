import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, memoryDirectory, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { buildSlot, makeFifos } from './build.ts';
import { type SlotFile, slotFiles } from './definition.ts';
import { isSupervised } from './probe.ts';
import { publishSlot, refreshSlot, setDown } from './publish.ts';
import { removeTree } from './remove.ts';
import { StagingArea } from './staging-area.ts';

const files = slotFiles({
  profile: 'a',
  rootHome: '/home',
  profileHome: '/home/profiles/a',
  command: 'hermes-gateway',
  user: undefined,
  stopSeconds: 30,
});

const withRun = (text: string): ReadonlyMap<string, SlotFile> => new Map([...files, ['run', { text, mode: 0o755 }]]);
const mode = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);

/** Everything below a directory with its type, mode and owner. */
function layout(directory: string): string[] {
  const { stdout } = spawnSync('find', ['.', '-mindepth', '1', '-printf', '%P %y %m %U:%G\n'], {
    cwd: directory,
    encoding: 'utf8',
  });
  return stdout.trimEnd().split('\n').sort();
}

describe('a slot that was built', () => {
  it.skipIf(lacking('root, to give files away', isRoot()))(
    "is root's, and its supervise skeleton is the user's, with the modes that s6-supervise takes over",
    () => {
      const slot = join(temporaryDirectory(), 'slot');
      const user = { uid: 10000, gid: 10001 };
      buildSlot(slot, files, false, user);
      makeFifos([slot], user);
      expect(layout(slot)).toEqual([
        'down f 644 0:0',
        'event d 3730 10000:10001',
        'finish f 755 0:0',
        'log d 755 0:0',
        'log/event d 3730 10000:10001',
        'log/run f 755 0:0',
        'log/supervise d 755 10000:10001',
        'log/supervise/control p 660 10000:10001',
        'log/supervise/event d 3730 10000:10001',
        'log/type f 644 0:0',
        'max-death-tally f 644 0:0',
        'notification-fd f 644 0:0',
        'run f 755 0:0',
        'supervise d 755 10000:10001',
        'supervise/control p 660 10000:10001',
        'supervise/event d 3730 10000:10001',
        'timeout-kill f 644 0:0',
        'type f 644 0:0',
      ]);
    },
  );

  it('has the same modes under any umask', () => {
    const program = join(import.meta.dirname, '../testing/programs/build-slot.ts');
    const [open, closed] = ['000', '077'].map((umask) => {
      const slot = join(temporaryDirectory(), 'slot');
      const { status, stderr } = spawnSync(process.execPath, [program, slot, umask], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return layout(slot);
    });
    expect(open).toEqual(closed);
    expect(open).toContainEqual(expect.stringMatching(/^run f 755 /));
  });

  it('has a down file only when it is to stay down', () => {
    const directory = temporaryDirectory();
    buildSlot(join(directory, 'up'), files, true);
    buildSlot(join(directory, 'down'), files, false);
    expect(existsSync(join(directory, 'up/down'))).toBe(false);
    expect(readFileSync(join(directory, 'down/down'), 'utf8')).toBe('');
  });

  it('has no supervisor', () => {
    const slot = join(temporaryDirectory(), 'slot');
    buildSlot(slot, files, true);
    expect(isSupervised(slot)).toBe(false);
    makeFifos([slot]);
    expect(isSupervised(slot)).toBe(false);
  });

  it('gets its FIFOs from one process for many slots at once, and from a few for very many', () => {
    const directory = temporaryDirectory(memoryDirectory());
    const slots = Array.from({ length: 700 }, (_, index) => join(directory, `${'x'.repeat(200)}${index}`));
    for (const slot of slots) buildSlot(slot, files, true);
    makeFifos(slots);
    for (const slot of slots) expect(lstatSync(join(slot, 'log/supervise/control')).isFIFO()).toBe(true);
  });
});

describe('publishing a slot', () => {
  const built = (area: StagingArea, run: string) => {
    buildSlot(area.stagedPath('gateway-a'), withRun(run), true);
    makeFifos([area.stagedPath('gateway-a')]);
  };

  it('puts it into the scan directory, and a newer one in its place', async () => {
    const scandir = temporaryDirectory();
    using area = await StagingArea.open(scandir);
    built(area, 'old');
    publishSlot(area, 'gateway-a');
    built(area, 'new');
    publishSlot(area, 'gateway-a');
    expect(readFileSync(join(scandir, 'gateway-a/run'), 'utf8')).toBe('new');
    expect(readdirSync(scandir).sort()).toEqual(['.hermes-s6', 'gateway-a']);
    expect(readdirSync(join(scandir, '.hermes-s6/new'))).toEqual([]);
    expect(readdirSync(join(scandir, '.hermes-s6/old'))).toEqual([]);
  });

  it('is done by one command at a time', async () => {
    const scandir = temporaryDirectory();
    const first = await StagingArea.open(scandir);
    await expect(StagingArea.open(scandir, 50)).rejects.toMatchObject({ kind: 'timeout' });
    const waiting = StagingArea.open(scandir);
    first[Symbol.dispose]();
    (await waiting)[Symbol.dispose]();
  });

  it('does not work in a directory that is not there, or through a link', async () => {
    const scandir = temporaryDirectory();
    symlinkSync(temporaryDirectory(), join(scandir, '.hermes-s6'));
    await expect(StagingArea.open(scandir)).rejects.toThrow('is not a directory');
    await expect(StagingArea.open(join(scandir, 'nowhere'))).rejects.toMatchObject({ kind: 'failed' });
    expect(readdirSync(scandir)).toEqual(['.hermes-s6']);
  });
});

describe('refreshing a slot', () => {
  it('writes only what has changed, and leaves alone what the supervisor made', () => {
    const slot = join(temporaryDirectory(), 'slot');
    buildSlot(slot, files, true);
    makeFifos([slot]);
    const inodes = () => ['run', 'finish', 'supervise/control', 'event'].map((path) => statSync(join(slot, path)).ino);
    const before = inodes();
    expect(refreshSlot(slot, files)).toBe(false);
    expect(inodes()).toEqual(before);
    expect(refreshSlot(slot, withRun('new'))).toBe(true);
    expect(readFileSync(join(slot, 'run'), 'utf8')).toBe('new');
    expect(mode(join(slot, 'run'))).toBe('755');
    expect(inodes().slice(1)).toEqual(before.slice(1));
    expect(readdirSync(slot).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('replaces a link instead of writing through it', () => {
    const slot = join(temporaryDirectory(), 'slot');
    buildSlot(slot, new Map([...files].filter(([name]) => name !== 'run')), true);
    const precious = join(temporaryDirectory(), 'precious');
    writeFileSync(precious, files.get('run')?.text ?? '');
    symlinkSync(precious, join(slot, 'run'));
    expect(refreshSlot(slot, files)).toBe(true);
    expect(lstatSync(join(slot, 'run')).isFile()).toBe(true);
  });

  it('sets and takes away the down file, also twice', () => {
    const slot = temporaryDirectory();
    for (const down of [true, true, false, false]) {
      setDown(slot, down);
      expect(existsSync(join(slot, 'down'))).toBe(down);
    }
  });
});

describe('removing a tree', () => {
  it('removes links and leaves alone what they lead to', () => {
    const directory = temporaryDirectory();
    const tree = join(directory, 'tree');
    mkdirSync(join(tree, 'event'), { recursive: true });
    mkdirSync(join(directory, 'precious'));
    writeFileSync(join(directory, 'precious/file'), '');
    symlinkSync('../../precious', join(tree, 'event/link'));
    symlinkSync('../precious', join(tree, 'supervise'));
    const before = mode(join(directory, 'precious'));
    removeTree(tree);
    removeTree(tree);
    expect(readdirSync(directory)).toEqual(['precious']);
    expect(readdirSync(join(directory, 'precious'))).toEqual(['file']);
    expect(mode(join(directory, 'precious'))).toBe(before);
  });
});
