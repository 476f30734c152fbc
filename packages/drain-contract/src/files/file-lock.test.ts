import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, lockHolder, temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { commandLine, run } from '../testing/programs.ts';
import { withFileLock } from './file-lock.ts';

/** Nothing here waits for so long unless something is wrong. */
const BOUND_MS = 120_000;
const UID = '10000';

let home: string;
let path: string;

beforeEach(() => {
  home = temporaryDirectory();
  path = join(home, '.lock');
});

/** Another process that holds the lock, until the test has finished. */
async function holderOf(lock: string) {
  const holder = await lockHolder(lock);
  onTestFinished(() => void holder.kill('SIGKILL'));
  return holder;
}

const taken = async () => 'taken';

describe('a file lock', () => {
  it('leaves an empty file and nothing else, and gives back what the task does', async () => {
    await expect(withFileLock(path, 0, taken)).resolves.toBe('taken');
    await expect(withFileLock(path, 0, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(withFileLock(path, 0, taken)).resolves.toBe('taken');
    expect([readdirSync(home), statSync(path).size]).toEqual([['.lock'], 0]);
  });

  it('lets one process at a time do its task', async () => {
    const file = join(home, 'count');
    writeFileSync(file, '0');
    const [command = '', ...args] = commandLine('count-under-lock', path, file, '100');
    const counters = Array.from({ length: 3 }, () => spawn(command, args, { stdio: 'inherit' }));
    const ends = await Promise.all(counters.map((counter) => once(counter, 'exit')));
    expect(ends.map(([code]) => code)).toEqual([0, 0, 0]);
    expect(readFileSync(file, 'utf8')).toBe('300');
  });

  it('lets one task of this process at a time run, in the order of the calls, by whatever name of the directory', async () => {
    const alias = join(temporaryDirectory(), 'alias');
    symlinkSync(home, alias);
    const running: string[] = [];
    const task = (name: string) => async () => {
      running.push(name);
      expect(running).toHaveLength(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running.pop();
      return name;
    };
    const names = Array.from(
      { length: 20 },
      (_, index) => [index % 2 ? path : join(alias, '.lock'), `${index}`] as const,
    );
    const done = await Promise.all(names.map(([lock, name]) => withFileLock(lock, BOUND_MS, task(name))));
    expect(done).toEqual(names.map(([, name]) => name));
  });

  it('is not taken from a process that is stopped, and the wait for it has a bound', async () => {
    const holder = await holderOf(path);
    holder.kill('SIGSTOP');
    const attempts = Array.from({ length: 5 }, () => withFileLock(path, 50, taken));
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({
        status: 'rejected',
        reason: { name: 'ContractError', code: 'locked', message: expect.stringContaining(`cannot lock ${path}: `) },
      });
    }
  });

  it('ends with the process that holds it', async () => {
    const holder = await holderOf(path);
    const waiting = withFileLock(path, BOUND_MS, taken);
    holder.kill('SIGKILL');
    await expect(waiting).resolves.toBe('taken');
    expect(readdirSync(home)).toEqual(['.lock']);
  });

  it('knows when its file is no longer there, or is another', async () => {
    await withFileLock(path, 0, async (lock) => {
      expect(lock.isCurrent()).toBe(true);
      rmSync(path);
      expect(lock.isCurrent()).toBe(false);
      writeFileSync(path, '');
      expect(lock.isCurrent()).toBe(false);
    });
    await expect(withFileLock(path, 0, async (lock) => lock.isCurrent())).resolves.toBe(true);
  });

  it('is that of the file that is there once it is taken, not of one that was removed meanwhile', async () => {
    const first = await holderOf(path);
    let isTaken = false;
    const waiting = withFileLock(path, BOUND_MS, async () => {
      isTaken = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    rmSync(path);
    const second = await holderOf(path);
    first.kill('SIGKILL');
    await once(first, 'exit');
    // As long as this one tries in vain, the other one does, too.
    await expect(withFileLock(path, 100, async () => undefined)).rejects.toThrow();
    expect(isTaken).toBe(false);
    second.kill('SIGKILL');
    await waiting;
    expect(isTaken).toBe(true);
  });
});

describe('a lock file', () => {
  it.each<[what: string, plant: (victim: string) => void]>([
    ['link', (victim) => symlinkSync(victim, path)],
    ['link to nowhere', () => symlinkSync(join(home, 'nowhere'), path)],
    ['second name of a file', (victim) => linkSync(victim, path)],
    ['directory', () => mkdirSync(path)],
    ['file that is not empty', () => writeFileSync(path, 'SQLite format 3\0')],
  ])('that is a %s is refused and left alone', async (_what, plant) => {
    const victim = join(home, 'victim');
    writeFileSync(victim, 'precious');
    plant(victim);
    await expect(withFileLock(path, 0, taken)).rejects.toMatchObject({
      code: 'not_a_file',
      message: expect.stringMatching(/^cannot lock .*\.lock: expected .*; remove it/),
    });
    expect([readFileSync(victim, 'utf8'), existsSync(join(home, 'nowhere'))]).toEqual(['precious', false]);
  });

  it('names the directory that is missing', async () => {
    await expect(withFileLock(join(home, 'nowhere', '.lock'), 0, taken)).rejects.toMatchObject({
      code: 'home_missing',
      message: expect.stringContaining(`cannot lock ${home}/nowhere/.lock: `),
    });
  });

  it.each([
    [0o755, 0o600],
    [0o775, 0o660],
    [0o1777, 0o666],
  ])('in a directory of mode %o is for those who may write there: mode %o', async (directory, expected) => {
    chmodSync(home, directory);
    await withFileLock(path, 0, taken);
    expect(statSync(path).mode & 0o777).toBe(expected);
  });

  it.skipIf(lacking('root, to become another user', isRoot()))(
    'that root has made is for the owner of the directory, and for no other user',
    async () => {
      chownSync(home, Number(UID), Number(UID));
      await withFileLock(path, 0, taken);
      expect(run(commandLine('take-lock', path, UID))).toEqual([{ taken: true }]);
      chmodSync(home, 0o755);
      expect(run(commandLine('take-lock', path, '10001'))).toEqual([
        { taken: false, code: 'not_writable', message: expect.stringMatching(`cannot lock ${path}: .*write access`) },
      ]);
    },
  );
});
