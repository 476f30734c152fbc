import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandLine, run } from '../testing/programs.ts';
import { removeLeftovers, temporaryPath } from './leftovers.ts';
import { replaceFile } from './write.ts';

const LEFTOVER = '.file.0123456789abcdef.tmp';

let home: string;
let path: string;

beforeEach(() => {
  home = temporaryDirectory();
  path = join(home, 'file');
});

/** A file of that age, in seconds. */
function put(name: string, age: number): void {
  writeFileSync(join(home, name), '{"action":"dr');
  setAge(name, age);
}

function setAge(name: string, age: number): void {
  const time = Date.now() / 1000 - age;
  utimesSync(join(home, name), time, time);
}

describe('the leftovers of dead writers', () => {
  it('have the name of a temporary file', () => {
    const names = [temporaryPath(path), temporaryPath(path)];
    for (const name of names) expect(name).toMatch(/^.*\/\.file\.[0-9a-f]{16}\.tmp$/);
    expect(names[0]).not.toBe(names[1]);
  });

  it('are removed by the first write of a process to the same path', async () => {
    put(LEFTOVER, 61);
    put('.file.fedcba9876543210.tmp', 86_400);
    await replaceFile(path, 'new');
    expect(readdirSync(home)).toEqual(['file']);
  });

  it('are looked for once for each path', async () => {
    await replaceFile(path, 'new');
    put(LEFTOVER, 61);
    await replaceFile(path, 'newer');
    expect(readdirSync(home)).toContain(LEFTOVER);
    const another = join(temporaryDirectory(), 'file');
    writeFileSync(join(another, '..', LEFTOVER), '');
    utimesSync(join(another, '..', LEFTOVER), 0, 0);
    await replaceFile(another, 'new');
    expect(readdirSync(join(another, '..'))).toEqual(['file']);
  });

  it.each([0, 58, -3_600])('are left alone at an age of %d s: their writer may be alive', async (age) => {
    put(LEFTOVER, age);
    await removeLeftovers(path);
    expect(readdirSync(home)).toEqual([LEFTOVER]);
  });

  it.each([
    '.file.0123456789abcde.tmp',
    '.file.0123456789abcdef0.tmp',
    '.file.0123456789ABCDEF.tmp',
    '.file.0123456789abcdeg.tmp',
    '.file.0123456789abcdef.tmp.',
    '.file.0123456789abcdef',
    'file.0123456789abcdef.tmp',
    '.other.0123456789abcdef.tmp',
    '..file.0123456789abcdef.tmp',
    'file',
  ])('are not confused with %s', async (name) => {
    put(name, 86_400);
    await removeLeftovers(path);
    expect(readdirSync(home)).toEqual([name]);
  });

  it('are found for a name that would mean something in a pattern', async () => {
    put('.a+(b.0123456789abcdef.tmp', 61);
    await removeLeftovers(join(home, 'a+(b'));
    expect(readdirSync(home)).toEqual([]);
  });

  it.each<[what: string, make: (place: string) => unknown]>([
    ['a directory', (place) => mkdirSync(place)],
    ['a FIFO', (place) => execFileSync('mkfifo', [place])],
  ])('are not %s of that name', async (_what, make) => {
    make(join(home, LEFTOVER));
    setAge(LEFTOVER, 86_400);
    await removeLeftovers(path);
    expect(readdirSync(home)).toEqual([LEFTOVER]);
  });

  it('are not a link of that name, nor what it points to', async () => {
    put('precious', 86_400);
    symlinkSync('precious', join(home, LEFTOVER));
    execFileSync('touch', ['--no-dereference', '--date', '2020-01-01', join(home, LEFTOVER)]);
    await removeLeftovers(path);
    expect(readdirSync(home).sort()).toEqual([LEFTOVER, 'precious']);
  });
});

describe('a failure to remove leftovers', () => {
  it('is none where there is no directory', async () => {
    await expect(removeLeftovers(join(home, 'nowhere', 'file'))).resolves.toBeUndefined();
  });

  it.skipIf(lacking('root, to become a user who may not remove them', isRoot()))(
    'is none of the write, which a sticky directory lets pass',
    () => {
      put(LEFTOVER, 61);
      chmodSync(home, 0o1777);
      expect(run(commandLine('replace-file', path, '3', '022', '10000'))).toMatchObject([{ written: true }]);
      expect([readdirSync(home).sort(), readFileSync(path, 'utf8')]).toEqual([[LEFTOVER, 'file'], 'xxx']);
    },
  );
});
