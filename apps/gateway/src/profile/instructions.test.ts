import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { readInstructions } from './instructions.ts';

function homeWith(content?: string | Uint8Array): string {
  const home = temporaryDirectory();
  if (content !== undefined) writeFileSync(join(home, 'SOUL.md'), content);
  return home;
}

it.each<[what: string, content: string | undefined, text: string | undefined]>([
  ['no file', undefined, undefined],
  ['an empty file', ' \n', undefined],
  ['a file with comments only', '<!-- Who this agent is. -->\n', undefined],
  ['a comment without an end', 'Be brief.<!-- and', 'Be brief.'],
  ['text', '# Anna\n\nYou are <!-- not --> Anna.\n', '# Anna\n\nYou are  Anna.'],
])('%s has the instructions %#', (_what, content, text) => {
  expect(readInstructions(homeWith(content))).toEqual(text === undefined ? {} : { text });
});

it.each<[what: string, content: string | Uint8Array, problem: RegExp]>([
  ['other bytes', Uint8Array.of(0xff, 0xfe), /SOUL.md is not sent to the agent: expected text in UTF-8/],
  ['a NUL character', 'a\0b', /found a NUL character/],
  ['a huge file', 'x'.repeat(70_000), /expected at most 65536 bytes/],
])('%s is a problem that names the file', (_what, content, problem) => {
  expect(readInstructions(homeWith(content))).toEqual({ problem: expect.stringMatching(problem) });
});

it('neither a link is followed nor a directory read', () => {
  const linked = homeWith();
  writeFileSync(join(linked, 'secret'), 'secret');
  symlinkSync('secret', join(linked, 'SOUL.md'));
  const directory = homeWith();
  mkdirSync(join(directory, 'SOUL.md'));
  expect(readInstructions(linked)).toEqual({ problem: expect.stringContaining('ELOOP') });
  expect(readInstructions(directory)).toEqual({ problem: expect.stringContaining('EISDIR') });
});
