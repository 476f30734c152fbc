import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visibleJson, visibleText } from './visible-text.pure.ts';

/** Text in which what is to be shown, and what may be kept, is frequent. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('\u200c', '\u200d', '\ufe0f', '\ufe0e', '\u001b[31m', '\u202e', '\u2028', '\ud83d', '\udc4b'),
      fc.constantFrom('👩', '🚒', '❤', '🏽', '1', '\u20e3', 'م', 'ی', 'क', '\u094d', 'a', ' ', '\u{e0041}'),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const KEPT = /\u200c|\u200d/gu;
const MISPLACED = /^(?:\u200c|\u200d|\ufe0e|\ufe0f)|(?:\u200c|\u200d){2}|(?:\u200c|\u200d)$|(?:\ufe0e|\ufe0f){2}/u;

it('nothing hidden is left but single joiners between two characters that are seen', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const visible = visibleText(text);
      expect(visible.replace(KEPT, '')).not.toMatch(HIDDEN);
      expect(visible).not.toMatch(MISPLACED);
      expect(visible.isWellFormed()).toBe(true);
    }),
  );
});

it('doing it twice changes nothing', () => {
  fc.assert(
    fc.property(anyText, fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }), (text, maxLength) => {
      const visible = visibleText(text, maxLength);
      expect(visibleText(visible)).toBe(visible);
      expect(visibleText(visible, maxLength)).toBe(visible);
    }),
  );
});

it('no more characters are shown than asked for, and a text that fits is whole', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, maxLength) => {
      const [whole, cut] = [visibleText(text), visibleText(text, maxLength)];
      expect([...cut].length).toBeLessThanOrEqual(maxLength);
      expect(cut === whole).toBe([...whole].length <= maxLength);
      expect(whole.startsWith(cut.replace(/…$/u, ''))).toBe(true);
    }),
  );
});

it('texts that differ in what is hidden look different', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      fc.pre(one !== other && !`${one}${other}`.includes('\\'));
      expect(visibleText(one)).not.toBe(visibleText(other));
    }),
  );
});

it('JSON says the same as without, and can be shown', () => {
  fc.assert(
    fc.property(fc.jsonValue(), anyText, (value, text) => {
      const both = { value, [text]: text };
      const json = visibleJson(both);
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(both));
      expect(visibleText(json)).toBe(json);
    }),
  );
});
