import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from './quote.ts';

describe('a quoted text', () => {
  it.each(['/opt/data', 'gateway-a_1', 'a@b:c,d%e+f=g'])('is left as it is when it is plain: %s', (text) => {
    expect(quote(text)).toBe(text);
  });

  it('is one word that a shell reads back unchanged, whatever it holds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !value.includes('\0'));
    const texts = fc.array(text, { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(texts, (words) => {
        const script = `printf '%s\\0' ${words.map(quote).join(' ')}`;
        const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(stdout.split('\0').slice(0, -1)).toEqual(words.map((word) => Buffer.from(word).toString()));
      }),
      { numRuns: 20 },
    );
  });
});
