import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PLATFORMS } from './platforms.ts';
import { CHECKOUT, notRecorded, readRecords } from './record.ts';

const records = readRecords();

test('the platforms have records', () => {
  expect(records).not.toEqual([]);
});

test.each(records)('$test is there, and drives what its record says', ({ test: path, platform }) => {
  expect(Object.keys(PLATFORMS)).toContain(platform);
  const source = existsSync(join(CHECKOUT, path)) ? readFileSync(join(CHECKOUT, path), 'utf8') : '';
  const cure = `the test of this record is gone: remove the record from packages/system-tests/platforms`;
  expect(source, cure).toMatch(new RegExp(`^drives\\(\\s*'${platform}'`, 'm'));
});

test.each([
  ['of which every test passed', { passed: 2, failed: 0, skipped: 0 }, undefined],
  ['with a test that failed', { passed: 1, failed: 1, skipped: 0 }, undefined],
  ['with a test that was skipped', { passed: 1, failed: 0, skipped: 1 }, '1 of 2 tests were skipped'],
  ['without a test', { passed: 0, failed: 0, skipped: 0 }, 'no test ran'],
])('a run %s', (_what, counts, reason) => {
  expect(notRecorded(counts)).toBe(reason);
});
