import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROBLEM_CODES } from '@hermes/service-kit/http';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PROGRAMS = ['apps/*/src/**/*.ts', 'packages/service-kit/src/**/*.ts'];
const SKIPPED = /\.test\.ts$|\/testing\/|problem-codes\.ts$/;

test('every problem code that is documented is one that a program answers with', () => {
  const files = globSync(PROGRAMS, { cwd: ROOT }).filter((file) => !SKIPPED.test(file));
  expect(files.length).toBeGreaterThan(100);
  const source = files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  const unused = Object.keys(PROBLEM_CODES).filter(
    (code) => !source.includes(`'${code}'`) && !source.includes(`  ${code}:`),
  );
  expect(unused).toEqual([]);
});
