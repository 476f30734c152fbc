import { describe, expect, it } from 'vitest';
import { plainText, shownText } from './text.pure.ts';

describe('plainText', () => {
  it.each<[what: string, text: string, plain: string]>([
    ['keeps what people write', 'Grüße, 世界 👋 — ok?', 'Grüße, 世界 👋 — ok?'],
    ['puts lines on one line', ' one\r\n\n\ttwo\u2028three\u2029four\n', 'one two three four'],
    ['removes terminal sequences', '\u001b[2J\u0007\u0000x\u007f\u009b', '[2Jx'],
    ['removes what turns the direction of text', '\u202aa\u202eb\u2066c\u2069', 'abc'],
    ['leaves nothing of nothing', ' \n\u0000 ', ''],
  ])('%s', (_what, text, plain) => {
    expect(plainText(text)).toBe(plain);
    expect(plainText(plain)).toBe(plain);
  });
});

describe('shownText', () => {
  it.each<[value: unknown, shown: string | null]>([
    ['abc', 'abc'],
    ['abcdef', 'abcd'],
    ['\u0000\u0000\u0000abcd', 'abcd'],
    ['', ''],
    [5, null],
    [null, null],
    [undefined, null],
    [['abc'], null],
  ])('shows of %j four characters at most, as %j', (value, shown) => {
    expect(shownText(value, 4)).toBe(shown);
  });
});
