import { expect, test } from 'vitest';
import { plain, short } from './plain.ts';

test('what a terminal would obey, or what turns the order of words around, does not get through', () => {
  expect(plain('a\u001b[31mb\u0007c\r\nd\u202ee\u2028f\u009bg')).toBe(
    'a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg',
  );
  expect(plain('Änne 安娜 😀')).toBe('Änne 安娜 😀');
});

test('a long text is cut between characters', () => {
  expect(short('😀'.repeat(5), 3)).toBe('😀😀…');
  expect(short('abc', 3)).toBe('abc');
});
