import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellLine } from './shell-line.ts';

test('a shell takes a line apart into the words it was made of', () => {
  const words = ['plain', '', 'two words', "it's", '$HOME `id` "x" \\ !', '*', '~', 'a\nb', '-n', 'grüße'];
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${shellLine(words)}`], { encoding: 'utf8' });
  expect(stdout.split('\0').slice(0, -1)).toEqual(words);
});
