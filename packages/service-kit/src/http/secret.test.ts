import { describe, expect, it } from 'vitest';
import { bearerToken, secretsEqual } from './secret.ts';

describe('bearerToken', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc  ', 'abc'],
    ['Bearer a-._~+/=b', 'a-._~+/=b'],
  ])('of %j is %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearerabc',
    'Basic abc',
    'Bearer a b',
    'Bearer a, Bearer b',
    ' Bearer abc',
    'Bearer äbc',
    'Bearer abc\n',
    'Bearer\tabc',
    'xBearer abc',
  ])('finds none in %j', (header) => {
    expect(bearerToken(header)).toBeUndefined();
  });

  it('takes no longer for a hostile header', () => {
    expect(bearerToken(`Bearer${' '.repeat(50_000)}\n`)).toBeUndefined();
    expect(bearerToken(`Bearer ${'a'.repeat(50_000)}${' '.repeat(50_000)}\n`)).toBeUndefined();
  });
});

describe('secretsEqual', () => {
  it.each([
    ['', ''],
    ['abc', 'abc'],
    ['ü', 'ü'],
    ['x'.repeat(10_000), 'x'.repeat(10_000)],
  ])('holds for a secret and itself', (a, b) => {
    expect(secretsEqual(a, b)).toBe(true);
  });

  it.each([
    ['abc', 'abd'],
    ['abc', 'ab'],
    ['abc', 'abcd'],
    ['abc', 'ABC'],
    ['abc', ''],
    ['ü', 'u\u0308'],
  ])('does not hold for %j and %j, and does not mind their lengths', (a, b) => {
    expect(secretsEqual(a, b)).toBe(false);
    expect(secretsEqual(b, a)).toBe(false);
  });
});
