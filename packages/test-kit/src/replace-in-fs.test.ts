import { existsSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { replaceInFs } from './replace-in-fs.ts';

it('replaces a function for those who have it already, and puts it back', () => {
  expect(existsSync('/nowhere')).toBe(false);
  const restore = replaceInFs('existsSync', () => true);
  onTestFinished(restore);
  expect(existsSync('/nowhere')).toBe(true);
  restore();
  expect(existsSync('/nowhere')).toBe(false);
});
