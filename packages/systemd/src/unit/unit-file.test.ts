import { expect, it } from 'vitest';
import { commandWord, unitPath, unitText, unitWord } from './unit-file.pure.ts';

it('a unit has its sections and comments in their order', () => {
  const text = unitText([
    { name: 'Unit', lines: [['Description', 'x']] },
    { name: 'Service', lines: [{ comment: 'why' }, ['Type', 'notify']] },
  ]);
  expect(text).toBe('[Unit]\nDescription=x\n\n[Service]\n# why\nType=notify\n');
});

it.each([
  ['/usr/bin/node', '/usr/bin/node', '/usr/bin/node'],
  ['/a b', '"/a b"', '"/a b"'],
  ['50%', '50%%', '50%%'],
  ['/$a', '/$a', '/$$a'],
  ['a"b\\c', '"a\\"b\\\\c"', '"a\\"b\\\\c"'],
  ['', '""', '""'],
])('%j is the word %s, and in a command line %s', (text, word, command) => {
  expect([unitWord(text), commandWord(text)]).toEqual([word, command]);
});

it.each(['a\nUser=root', 'a\u0000', 'a\u001b'])('%j cannot be in a unit', (text) => {
  for (const write of [unitPath, unitWord, commandWord]) expect(() => write(text)).toThrow(RangeError);
});
