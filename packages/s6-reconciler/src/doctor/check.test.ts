import { expect, it } from 'vitest';
import { type Check, formatCheck } from './check.ts';

const check: Check = { profile: null, check: 'home', ok: true, found: 'all well', cure: null };

it.each<[Partial<Check>, string]>([
  [{}, 'ok   home: all well'],
  [{ ok: false, cure: 'do this' }, 'FAIL home: all well; do this'],
  [{ ok: null }, '?    home: all well'],
  [{ ok: null, warning: true, cure: 'do this' }, 'warn home: all well; do this'],
  [{ profile: 'a' }, 'ok   a: home: all well'],
])('with %j, a check is the line %j', (changes, line) => {
  expect(formatCheck({ ...check, ...changes })).toBe(line);
});
