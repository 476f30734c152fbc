import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContractError, type ContractErrorCode } from '../errors.ts';
import { CREATE_STEPS, type FileStep, hookSteps, REMOVE_STEPS, REPLACE_STEPS } from './steps.ts';
import { createFile, removeFile, replaceFile, replaceFileIf } from './write.ts';

const CODES: [errno: string, code: ContractErrorCode][] = [
  ['ENOSPC', 'no_space'],
  ['EDQUOT', 'no_space'],
  ['EIO', 'io'],
  ['EROFS', 'not_writable'],
  ['EACCES', 'not_writable'],
];

let path: string;

beforeEach(() => {
  path = join(temporaryDirectory(), 'file');
  writeFileSync(path, 'old');
});
afterEach(() => hookSteps());

function failAt(failing: FileStep, errno: string): void {
  hookSteps((when, step) => {
    if (when === 'before' && step === failing) throw Object.assign(new Error('injected'), { code: errno });
  });
}

/** What a task was rejected with. */
async function failureOf(task: Promise<unknown>): Promise<unknown> {
  return task.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

const content = () => readFileSync(path, 'utf8');
const names = () => readdirSync(join(path, '..'));

/** Every step with every errno. */
function cases<S extends FileStep>(steps: readonly S[]) {
  return steps.flatMap((step) => CODES.map(([errno, code]) => [step, errno, code] as const));
}

describe('replaceFile, when a step fails,', () => {
  const upToRename = REPLACE_STEPS.filter((step) => step !== 'sync-directory');

  it.each(cases(upToRename))('at %s by %s tells it as %s, and leaves the old file and nothing else', async (...row) => {
    const [step, errno, code] = row;
    failAt(step, errno);
    const error = await failureOf(replaceFile(path, 'new'));
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`cannot write ${path}: `) });
    expect([content(), names()]).toEqual(['old', ['file']]);
  });

  it.each(cases(['sync-directory'] as const))(
    'at %s by %s tells it as %s, and says that only durability is in doubt',
    async (...row) => {
      const [step, errno, code] = row;
      failAt(step, errno);
      const error = await failureOf(replaceFile(path, 'new'));
      expect(error).toMatchObject({ code, message: expect.stringContaining(`cannot durably write ${path}: `) });
      expect([content(), names()]).toEqual(['new', ['file']]);
    },
  );

  it('takes every step the next time', async () => {
    failAt('sync', 'ENOSPC');
    await failureOf(replaceFile(path, 'new'));
    const taken: string[] = [];
    hookSteps((when, step) => taken.push(`${when} ${step}`));
    await replaceFile(path, 'new');
    expect(taken).toEqual(REPLACE_STEPS.flatMap((step) => [`before ${step}`, `after ${step}`]));
    expect([content(), names()]).toEqual(['new', ['file']]);
  });
});

describe('createFile, when a step fails,', () => {
  beforeEach(() => rmSync(path));
  const upToLink = CREATE_STEPS.filter((step) => !['unlink', 'sync-directory'].includes(step));

  it.each(cases(upToLink))('at %s by %s tells it as %s, and leaves nothing', async (step, errno, code) => {
    failAt(step, errno);
    const error = await failureOf(createFile(path, 'new'));
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`cannot write ${path}: `) });
    expect(names()).toEqual([]);
  });

  it.each(cases(['sync-directory'] as const))(
    'at %s by %s tells it as %s, and says that only durability is in doubt',
    async (step, errno, code) => {
      failAt(step, errno);
      const error = await failureOf(createFile(path, 'new'));
      expect(error).toMatchObject({ code, message: expect.stringContaining(`cannot durably write ${path}: `) });
      expect([content(), names()]).toEqual(['new', ['file']]);
    },
  );

  it.each(CODES)('at unlink by %s, the file is there all the same', async (errno) => {
    failAt('unlink', errno);
    await expect(createFile(path, 'new')).resolves.toBe(true);
    expect([content(), names()]).toEqual(['new', expect.arrayContaining(['file'])]);
  });

  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
    'at link by %s, the file system has no links, and the file is renamed into place',
    async (errno) => {
      failAt('link', errno);
      await expect(createFile(path, 'new')).resolves.toBe(true);
      expect([content(), names()]).toEqual(['new', ['file']]);
      await expect(createFile(path, 'newer')).resolves.toBe(false);
      expect([content(), names()]).toEqual(['new', ['file']]);
    },
  );

  it('takes every step the next time', async () => {
    failAt('link', 'ENOSPC');
    await failureOf(createFile(path, 'new'));
    const taken: string[] = [];
    hookSteps((when, step) => taken.push(`${when} ${step}`));
    await expect(createFile(path, 'new')).resolves.toBe(true);
    expect(taken).toEqual(CREATE_STEPS.flatMap((step) => [`before ${step}`, `after ${step}`]));
    expect([content(), names()]).toEqual(['new', ['file']]);
  });
});

describe('a file that came in between', () => {
  it('is not replaced by createFile, be it only a link to nowhere', async () => {
    await expect(createFile(path, 'new')).resolves.toBe(false);
    expect([content(), names()]).toEqual(['old', ['file']]);
    const link = join(path, '..', 'link');
    symlinkSync('nowhere', link);
    await expect(createFile(link, 'new')).resolves.toBe(false);
    expect(names()).toEqual(['file', 'link']);
  });

  it('is not replaced by replaceFileIf, which asks when all but the rename is done', async () => {
    const taken: string[] = [];
    hookSteps((when, step) => taken.push(`${when} ${step}`));
    const isStill = () => {
      expect(taken.at(-1)).toBe('after sync');
      return content() === 'another';
    };
    await expect(replaceFileIf(path, 'new', isStill)).resolves.toBe(false);
    expect([content(), names()]).toEqual(['old', ['file']]);
    taken.length = 0;
    writeFileSync(path, 'another');
    await expect(replaceFileIf(path, 'new', isStill)).resolves.toBe(true);
    expect([content(), names()]).toEqual(['new', ['file']]);
  });
});

describe('removeFile, when a step fails,', () => {
  it.each(cases(REMOVE_STEPS))(
    'at %s by %s tells it as %s, and whether the file is gone',
    async (step, errno, code) => {
      failAt(step, errno);
      const gone = step === 'sync-directory';
      const error = await failureOf(removeFile(path));
      expect(error).toBeInstanceOf(ContractError);
      const sentence = `cannot ${gone ? 'durably remove' : 'remove'} ${path}: `;
      expect(error).toMatchObject({ code, message: expect.stringContaining(sentence) });
      expect(names()).toEqual(gone ? [] : ['file']);
    },
  );

  it('takes every step the next time', async () => {
    failAt('unlink', 'EIO');
    await failureOf(removeFile(path));
    const taken: string[] = [];
    hookSteps((when, step) => taken.push(`${when} ${step}`));
    await expect(removeFile(path)).resolves.toBe(true);
    expect(taken).toEqual(REMOVE_STEPS.flatMap((step) => [`before ${step}`, `after ${step}`]));
  });
});
