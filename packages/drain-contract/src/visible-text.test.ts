import { describe, expect, it } from 'vitest';
import { visibleInJson, visibleJson, visibleText } from './visible-text.pure.ts';

describe('visibleText', () => {
  it.each<[what: string, text: string]>([
    ['plain text', 'Update to 1.2, see ticket #7'],
    ['letters of other scripts', 'Grüße, 世界, Привет, שלום, مرحبا, สวัสดี'],
    ['emoji', '👋 🛑 ❤️ ❤︎ 1️⃣ 🇩🇪 👍🏽'],
    ['joined emoji', '👩‍🚒 👩🏽‍🚒 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 👁️‍🗨️'],
    ['Persian with its non-joiners', 'می‌خواهم'],
    ['Devanagari, Kannada and Sinhala with their joiners', 'क्‍ष ರ‍್ಕ ශ්‍රී'],
    ['spaces of all widths', 'a\u00a0b\u2003c\u3000d'],
    ['nothing', ''],
  ])('leaves %s as it is', (_what, text) => {
    expect(visibleText(text)).toBe(text);
  });

  it.each<[what: string, text: string, visible: string]>([
    ['an escape sequence', '\u001b]0;title\u0007\u001b[2J', '\\u{1b}]0;title\\u{7}\\u{1b}[2J'],
    ['its eight-bit form', '\u009b2J', '\\u{9b}2J'],
    ['DEL and NUL', 'a\u007f\u0000', 'a\\u{7f}\\u{0}'],
    ['line ends', 'a\r\nb\u2028c\u2029d\u0085e', 'a\\u{d}\\u{a}b\\u{2028}c\\u{2029}d\\u{85}e'],
    ['a tab', 'a\tb', 'a\\u{9}b'],
    ['what reorders text', 'a\u202eb\u2066c\u200fd', 'a\\u{202e}b\\u{2066}c\\u{200f}d'],
    [
      'what is shown as nothing',
      'a\u200bb\u00adc\u2060d\u034fe\u3164f',
      'a\\u{200b}b\\u{ad}c\\u{2060}d\\u{34f}e\\u{3164}f',
    ],
    ['tags', '🏴\u{e0067}\u{e007f}', '🏴\\u{e0067}\\u{e007f}'],
    ['lone surrogates', 'a\ud83db\udc4bc', 'a\\u{d83d}b\\u{dc4b}c'],
    [
      'joiners where no spelling has them',
      'a\u200db \u200c می\u200c\u200cخ',
      'a\\u{200d}b \\u{200c} می\\u{200c}\\u{200c}خ',
    ],
    ['joiners at the end of an emoji', '👩\u200d', '👩\\u{200d}'],
    ['selectors that select nothing', 'a\ufe0f 1\ufe0f ❤\ufe0f\ufe0f', 'a\\u{fe0f} 1\\u{fe0f} ❤\ufe0f\\u{fe0f}'],
  ])('shows %s', (_what, text, visible) => {
    expect(visibleText(text)).toBe(visible);
    expect(visibleText(visible)).toBe(visible);
  });

  it.each<[text: string, length: number, shown: string]>([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀'.repeat(5), 3, '😀😀…'],
    ['a\u202eb', 4, 'a\\u…'],
    ['👩‍🚒👩‍🚒', 3, '👩…'],
    ['x'.repeat(1_000_000), 2, 'x…'],
    ['abc', 1, '…'],
  ])('cuts %j to %i characters', (text, length, shown) => {
    expect(visibleText(text, length)).toBe(shown);
  });
});

describe('visibleJson', () => {
  const value = { 'k\u202e': ['\u009b2J\u007f', '\u{e0041}', '👩‍🚒', 'a\nb', '\ud800'], n: [1, null, true] };

  it.each([0, 2])('says the same with an indent of %i, and only what a terminal can show', (indent) => {
    const json = visibleJson(value, indent);
    expect(JSON.parse(json)).toEqual(value);
    expect(json.split('\n').map((line) => visibleText(line))).toEqual(json.split('\n'));
    expect(json).toContain('\\u202e');
    expect(json).toContain('👩‍🚒');
  });

  it('keeps the lines of JSON that is there already', () => {
    expect(visibleInJson('{"a":"\u202e"}\n{"b":\t1}\n')).toBe('{"a":"\\u202e"}\n{"b":\t1}\n');
  });
});
