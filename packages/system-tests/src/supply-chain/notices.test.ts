import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { renderNotices } from '../../../../scripts/third-party/notices.ts';
import { packageDirectory, readThirdParty } from '../../../../scripts/third-party/package.ts';

function packageWith(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'hermes-package-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

const manifest = (fields: object) => JSON.stringify({ name: 'one', version: '1.2.3', license: 'MIT', ...fields });

test('license and notice files are passed on, whatever they are called, and nothing else', () => {
  const texts = { LICENSE: 'a', 'license-apache.txt': 'b', 'LICENCE.md': 'c', COPYING: 'd', NOTICE: 'e' };
  const others = { 'README.md': 'x', 'license.js': 'x', 'notices.json': 'x' };
  const found = readThirdParty(packageWith({ 'package.json': manifest({}), ...texts, ...others }));
  expect([...found.texts].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a package that does not say its license stops the build', () => {
  const directory = packageWith({ 'package.json': manifest({ license: undefined }) });
  expect(() => readThirdParty(directory)).toThrow('one@1.2.3: package.json has no "license"');
});

test('a file belongs to the nearest package with a name and a version', () => {
  const directory = packageWith({ 'package.json': manifest({}) });
  mkdirSync(join(directory, 'esm'));
  writeFileSync(join(directory, 'esm/package.json'), '{"type":"module"}');
  expect(packageDirectory(join(directory, 'esm/index.js'))).toBe(directory);
});

test('a text stays as it is, also one that holds Markdown', () => {
  const text = '# Not a heading\n````\ncode';
  const one = { name: 'one', version: '1.2.3', license: 'MIT', texts: [text], author: '' };
  expect(renderNotices('It', [one])).toContain(`\n\`\`\`\`\`text\n${text}\n\`\`\`\`\`\n`);
});

test('each package appears once, and one without a text with its author', () => {
  const one = { name: 'one', version: '1.2.3', license: 'MIT', texts: [], author: 'A. Author' };
  const notices = renderNotices('It', [one, { ...one, name: 'another' }, one]);
  expect([...notices.matchAll(/^## .*$/gm)].map(([line]) => line)).toEqual([
    '## another 1.2.3 (MIT)',
    '## one 1.2.3 (MIT)',
  ]);
  expect(notices).toContain('The package ships no license text; author: A. Author.');
});
