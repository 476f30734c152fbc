import { expect, test } from 'vitest';
import { entityTag, parseIfMatch } from './if-match.ts';

test.each([
  [undefined, 'any'],
  ['*', 'any'],
  [' * ', 'any'],
  ['"a"', ['a']],
  ['"a", "b" ,"c"', ['a', 'b', 'c']],
  ['W/"a"', []],
  ['W/"a", "b"', ['b']],
  ['""', []],
  ['a', undefined],
  ['"a" "b"', undefined],
  ['"a', undefined],
  ['"a",', undefined],
  ['', undefined],
] as const)('If-Match %j demands %j', (header, precondition) => {
  expect(parseIfMatch(header)).toEqual(precondition);
});

test.each([
  ['0197-abc', '"0197-abc"'],
  ['', undefined],
  [null, undefined],
  ['with "quotes"', undefined],
  ['with space', undefined],
  ['é', undefined],
])('the tag of %j is %j', (id, tag) => {
  expect(entityTag(id)).toBe(tag);
});
