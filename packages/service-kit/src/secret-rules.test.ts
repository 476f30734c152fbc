import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entropyBits, secretWeakness, smallestPeriod } from './secret-rules.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test.each([
  ['empty', '', /0 characters/],
  ['one character too short', ALPHABET.slice(0, 42), /42 characters; expected at least 43/],
  ['one character repeated', 'a'.repeat(64), /1 different characters/],
  [
    'one distinct character too few',
    `${ALPHABET.slice(0, 15).repeat(3)}`,
    /15 different characters; expected at least 16/,
  ],
  ['a block twice', ALPHABET.slice(0, 30).repeat(2), /repeats/],
  ['a block two and a half times', ALPHABET.slice(0, 20).repeat(3).slice(0, 50), /repeats/],
  [
    'almost all one character',
    `${ALPHABET.slice(1, 17)}${'A'.repeat(30)}z`,
    /\d+ bits of entropy; expected at least 128/,
  ],
  ['a line break at its end', `${ALPHABET}\n`, /cannot carry/],
  ['a letter beyond ASCII', `${ALPHABET}é`, /cannot carry/],
])('refuses a secret that is %s', (_what, secret, reason) => {
  expect(secretWeakness(secret)).toMatch(reason);
});

test.each([
  ['43 different characters', ALPHABET.slice(0, 43)],
  ['16 different characters without a pattern', '0123456789abcdef0a1b2c3d4e5f6978fedcba9876543210'],
  ['a block that is repeated less than twice', ALPHABET.slice(0, 40) + ALPHABET.slice(0, 30)],
])('accepts a secret with %s', (_what, secret) => {
  expect(secretWeakness(secret)).toBeUndefined();
});

test('accepts what the dashboard generates', () => {
  for (let count = 0; count < 200; count += 1) {
    expect(secretWeakness(randomBytes(32).toString('base64url'))).toBeUndefined();
  }
});

test('never tells a part of the secret', () => {
  const secret = 'Zq'.repeat(30);
  expect(secretWeakness(secret)).not.toContain('Zq');
});

test('the smallest period agrees with its definition', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(texts, (text) => {
      const periods = [...text].map((_, index) => index + 1);
      const isPeriod = (period: number) => [...text].every((char, at) => at < period || char === text[at - period]);
      expect(smallestPeriod(text)).toBe(periods.find(isPeriod));
    }),
  );
});

test('entropy counts the bits of all characters together', () => {
  expect(entropyBits('aaaa')).toBe(0);
  expect(entropyBits('abab')).toBe(4);
  expect(entropyBits('abcd')).toBe(8);
});
