import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from './split-text.ts';

describe('splitText', () => {
  it.each<[text: string, pieces: string[]]>([
    ['short', ['short']],
    ['0123456789', ['0123456789']],
    ['a para\n\nb next', ['a para', 'b next']],
    ['one line\ntwo', ['one line', 'two']],
    ['A word. B word', ['A word.', 'B word']],
    ['some words here', ['some words', 'here']],
    ['a verylongwordindeed', ['a verylong', 'wordindeed']],
    ['abcdefghi\u{1F600}j', ['abcdefghi', '\u{1F600}j']],
    ['abcdefghie\u0301j', ['abcdefghi', 'e\u0301j']],
    ['   \n  ', []],
    ['', []],
    ['aaaaaaaaaa          b', ['aaaaaaaaaa', 'b']],
  ])('cuts %j at 10 into %j', (text, pieces) => {
    expect(splitText(text, 10).map((piece) => piece.trimStart())).toEqual(pieces);
  });

  it('keeps everything that can be seen, in order, in pieces that fit and are whole characters', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '\n', '. ', '\u{1F600}', 'e\u0301'),
      maxLength: 200,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 50 }), (whole, limit) => {
        const pieces = splitText(whole, limit);
        expect(pieces.join('').replace(/\s/g, '')).toBe(whole.replace(/\s/g, ''));
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(piece.trim()).not.toBe('');
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('takes no time for a huge text without a border', () => {
    expect(splitText('x'.repeat(1_000_000), 4_096)).toHaveLength(245);
  });

  it('cuts even a character that is longer than a piece', () => {
    expect(splitText(`e${'\u0301'.repeat(20)}`, 10).join('')).toBe(`e${'\u0301'.repeat(20)}`);
  });
});
