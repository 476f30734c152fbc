import { describe, expect, it } from 'vitest';
import { isProfileName, MAX_PROFILE_NAME_LENGTH } from './name.pure.ts';

describe('a profile may be called', () => {
  it.each(['default', 'a', '0', 'my-bot_2', 'a--b', 'x'.repeat(MAX_PROFILE_NAME_LENGTH)])('%s', (name) => {
    expect(isProfileName(name)).toBe(true);
  });

  it('a name of at most 251 characters', () => {
    expect(MAX_PROFILE_NAME_LENGTH).toBe(251);
  });
});

describe('a profile may not be called', () => {
  it.each([
    '',
    ' ',
    'x'.repeat(252),
    '-a',
    '_a',
    '.',
    '..',
    '.hidden',
    'a.b',
    'a/b',
    '/a',
    'a\\b',
    '../a',
    'a b',
    ' a',
    'a ',
    'a\n',
    '\na',
    'a\nb',
    'a\0',
    'A',
    'aB',
    'ä',
    'ａ',
    'ﬁ',
    '٣',
    'ı',
    '世界',
    '👋',
    'a\u200b',
    'a$',
    '$(a)',
    'a;b',
    '%61',
  ])('%j', (name) => {
    expect(isProfileName(name)).toBe(false);
  });
});
