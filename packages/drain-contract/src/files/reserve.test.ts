import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterEach, expect, it } from 'vitest';
import { keepReserve, reservePath } from './reserve.ts';
import { type FileStep, hookSteps } from './steps.ts';
import { createFile, replaceFile } from './write.ts';

afterEach(() => hookSteps());

/** A volume that has no room at these steps. */
function fullAt(...full: FileStep[]): void {
  hookSteps((when, step) => {
    if (when === 'before' && full.includes(step)) throw Object.assign(new Error('injected'), { code: 'ENOSPC' });
  });
}

const full: FileStep[] = ['create', 'write'];

it.each(full)('on a volume that is full at %s, the room that was kept is used, once', async (step) => {
  const path = join(temporaryDirectory(), 'file');
  expect([await keepReserve(path), await keepReserve(path)]).toEqual([true, true]);
  fullAt(step);
  expect(await createFile(path, '{"a":1}')).toBe(true);
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['{"a":1}', 0o644]);
  expect(readdirSync(join(path, '..'))).toEqual(['file']);
  await expect(replaceFile(path, '{}')).rejects.toMatchObject({ code: 'no_space' });
  expect(readFileSync(path, 'utf8')).toBe('{"a":1}');
});

it.each<[what: string, plant: (reserve: string) => void]>([
  ['a link', (reserve) => symlinkSync('/etc/passwd', reserve)],
  ['too small', (reserve) => writeFileSync(reserve, '')],
])('room that is %s is not used, and what it leads to stays', async (_what, plant) => {
  const path = join(temporaryDirectory(), 'file');
  plant(reservePath(path));
  const before = readFileSync('/etc/passwd', 'utf8');
  fullAt('create');
  await expect(createFile(path, '{}')).rejects.toMatchObject({ code: 'no_space' });
  expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

it('keeps none where nothing can be written, and does not fail', async () => {
  expect(await keepReserve('/proc/self/file')).toBe(false);
});
