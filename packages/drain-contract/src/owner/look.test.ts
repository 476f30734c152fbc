import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandLine } from '../testing/programs.ts';
import { decideIdentity } from './decide.ts';
import { lookAtPath } from './look.ts';

const UID = 64_001;
const OTHER = 64_002;

/** For a night: how often a user exchanges the directory while root looks at it. */
const SWAPS = Number(process.env.HERMES_TEST_SWAPS || 1_500);

/** A directory of root's that others may enter. */
function place(): string {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o755);
  return directory;
}

function directoryOf(uid: number, path: string, mode = 0o755): string {
  mkdirSync(path);
  chownSync(path, uid, uid);
  chmodSync(path, mode);
  return path;
}

function linkOf(uid: number, path: string, target: string): string {
  symlinkSync(target, path);
  lchownSync(path, uid, uid);
  return path;
}

function identityIn(path: string) {
  return decideIdentity(lookAtPath(path));
}

const become = { kind: 'become', owner: { uid: UID, gid: UID } };
const stay = { kind: 'stay' };
const refuse = expect.objectContaining({ kind: 'refuse' });

describe.skipIf(lacking('root, to make directories of several users', isRoot()))('what root is in', () => {
  it('its own directory below a sticky one, by its path or by a link of its own: root', () => {
    const own = directoryOf(0, join(place(), 'own'));
    expect(identityIn(own)).toEqual(stay);
    expect(identityIn(linkOf(0, `${own}.link`, own))).toEqual(stay);
    expect(identityIn(linkOf(0, `${own}.relative`, './own'))).toEqual(stay);
    expect(identityIn(join(own, 'missing/deep'))).toEqual(stay);
  });

  it('a directory of a user, by whatever links that user or root made: that user', () => {
    const theirs = directoryOf(UID, join(place(), 'theirs'));
    const inner = directoryOf(UID, join(theirs, 'inner'));
    expect(identityIn(theirs)).toEqual(become);
    expect(identityIn(linkOf(0, `${theirs}.link`, theirs))).toEqual(become);
    expect(identityIn(linkOf(UID, join(theirs, 'link'), inner))).toEqual(become);
    expect(identityIn(join(theirs, 'missing'))).toEqual(become);
  });

  it('a directory of root’s that a user can reach, replace or write to: refused', () => {
    const root = place();
    const theirs = directoryOf(UID, join(root, 'theirs'));
    const sticky = directoryOf(0, join(root, 'sticky'), 0o1777);
    const open = directoryOf(0, join(root, 'open'), 0o777);
    expect(identityIn(linkOf(UID, join(theirs, 'link'), sticky))).toEqual(refuse);
    expect(identityIn(linkOf(UID, join(theirs, 'up'), '..'))).toEqual(refuse);
    expect(identityIn(directoryOf(0, join(theirs, 'root')))).toEqual(refuse);
    expect(identityIn(sticky)).toEqual(refuse);
    expect(identityIn(join(sticky, 'missing'))).toEqual(refuse);
    expect(identityIn(directoryOf(0, join(open, 'own')))).toEqual(refuse);
    expect(identityIn(directoryOf(0, join(sticky, 'own')))).toEqual(stay);
  });

  it('a directory of one user that another can replace: refused', () => {
    const theirs = directoryOf(UID, join(place(), 'theirs'));
    const others = directoryOf(OTHER, join(theirs, 'others'));
    expect(identityIn(others)).toEqual(refuse);
    expect(identityIn(linkOf(UID, join(theirs, 'link'), others))).toEqual(refuse);
  });

  it('links in a circle, or too long a chain of them: an error, not an endless look', () => {
    const root = place();
    linkOf(0, join(root, 'a'), 'b');
    linkOf(0, join(root, 'b'), 'a');
    expect(() => lookAtPath(join(root, 'a'))).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });

  it('a file: what root is in its directory', () => {
    const root = place();
    writeFileSync(join(root, 'file'), '');
    expect(identityIn(join(root, 'file'))).toEqual(stay);
  });

  it(`a directory that its user exchanges for a link to root's ${SWAPS} times: never root`, async () => {
    const root = place();
    const theirs = directoryOf(UID, join(root, 'theirs'));
    const target = directoryOf(0, join(root, 'sticky'), 0o1777);
    const scandir = directoryOf(UID, join(theirs, 'scandir'));
    const link = linkOf(UID, join(theirs, 'link'), target);
    const swapper = swap(scandir, link);
    const ended = once(swapper, 'exit');
    await once(swapper, 'spawn');
    const seen = new Map<string, number>();
    const lines: string[] = [];
    createInterface({ input: swapper.stdout ?? process.stdin }).on('line', (line) => lines.push(line));
    while (swapper.exitCode === null && swapper.signalCode === null) {
      for (let n = 0; n < 200; n++) {
        const { kind } = lookWhileItMoves(scandir);
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
      await new Promise(setImmediate);
    }
    expect(await ended).toEqual([0, null]);
    expect(lines).toEqual(['ready', String(SWAPS)]);
    expect(seen.get('stay')).toBeUndefined();
    expect([...seen.keys()]).toContain('become');
  });
});

/** A link that is gone between two looks is an error, and root does nothing then. */
function lookWhileItMoves(path: string): { kind: string } {
  try {
    return identityIn(path);
  } catch (error) {
    return { kind: String((error as NodeJS.ErrnoException).code) };
  }
}

function swap(place: string, other: string): ChildProcess {
  const [program = '', ...args] = commandLine('swap-places', String(UID), place, other, String(SWAPS));
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
