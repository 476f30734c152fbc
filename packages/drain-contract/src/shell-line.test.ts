import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellLine } from './shell-line.ts';

/** The words that a shell takes a line apart into. */
function wordsOf(line: string): string[] {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

test('a shell takes a line apart into the words it was made of', () => {
  const words = ['plain', '', 'two words', "it's", '$HOME `id` "x" \\ !', '*', '~', 'a\nb', '-n', 'grüße'];
  expect(wordsOf(shellLine(words))).toEqual(words);
});

test('whatever the words hold', () => {
  const word = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !value.includes('\0'));
  const lists = fc.array(word, { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(lists, (words) => {
      expect(wordsOf(shellLine(words))).toEqual(words.map((text) => Buffer.from(text).toString()));
    }),
    { numRuns: 20 },
  );
});

test.each(['/opt/data', 'gateway-a_1', 'a@b:c,d%e+f=g'])('a plain word is left as it is: %s', (word) => {
  expect(shellLine([word])).toBe(word);
});
