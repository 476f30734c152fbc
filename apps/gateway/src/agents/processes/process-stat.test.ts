import { readFileSync } from 'node:fs';
import { lacking } from '@hermes/test-kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseProcessStat } from './process-stat.ts';

const REST = `4 5 6 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 1 2`;

it.each(['sh', 'a b', ') R 1 2 3', '(((', '\n'])('reads a process named %j', (name) => {
  const read = { parent: 4, group: 5, session: 6, startTime: 123_456n, isZombie: false };
  expect(parseProcessStat(`77 (${name}) S ${REST}`)).toEqual(read);
});

it('recognises a zombie', () => {
  expect(parseProcessStat(`77 (sh) Z ${REST}`)?.isZombie).toBe(true);
});

it('takes anything else for no process', () => {
  fc.assert(fc.property(fc.string(), (text) => parseProcessStat(text) === undefined));
});

it.skipIf(lacking('/proc', process.platform === 'linux'))('reads this process', () => {
  expect(parseProcessStat(readFileSync('/proc/self/stat', 'latin1'))).toMatchObject({ parent: process.ppid });
});
