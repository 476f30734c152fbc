import { expect, test } from 'vitest';
import { changelogSection } from '../../../../scripts/release/changelog.ts';
import { problemsOfContents } from '../../../../scripts/release/tarball/contents.ts';
import { problemsOfReferences } from '../../../../scripts/release/tarball/references.ts';
import { problemsOfSizes } from '../../../../scripts/release/tarball/sizes.ts';

const MANIFEST = {
  name: '@hermes/example',
  version: '1.0.0',
  license: 'MIT',
  repository: 'https://git.example/',
  engines: { node: '>=22' },
};
const FILES = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json', 'dist/index.js', 'dist/index.d.ts'];

const contents = (more: readonly string[], manifest: object = {}, isBundle = false) =>
  problemsOfContents(
    [...FILES, ...more].map((path) => ({ path, bytes: 1, isExecutable: false })),
    { ...MANIFEST, ...manifest },
    { isBundle, isRelease: true },
  );

test('a complete package has no problems', () => {
  expect(contents(['bin/example.js', 'dist/page/index.html', 'corpus/reader.py', 'man/example.1'])).toEqual([]);
});

test.each(['workspace:*', 'catalog:', 'link:../other', 'file:../other'])('a dependency on %s is a problem', (range) => {
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'])
    expect(contents([], { [kind]: { other: range } })).toEqual([expect.stringContaining(`${kind}.other = "${range}"`)]);
});

test.each([
  'dist/gate.test.js',
  'dist/testing/kit.js',
  'dist/index.js.map',
  'src/index.ts',
  'dist/index.ts',
  'tsconfig.build.tsbuildinfo',
  '.env',
  '.env.local',
  'dist/.npmrc',
  'certificate.pem',
  'dist/fixtures/a.json',
  'node_modules/zod/index.js',
  'hermes-example-1.0.0.tgz',
])('%s should not be in a package', (path) => {
  expect(contents([path])).toEqual([expect.stringContaining(`${path} is `)]);
});

test('many files of a kind are one problem', () => {
  expect(contents(['a.map', 'b.map', 'c.map', '.env'])).toEqual([
    'a.map is a source map, and so are 2 more: leave it out by "files" of package.json',
    '.env is of this machine: leave it out by "files" of package.json',
  ]);
});

test('a bundle needs notices, and every package its license, engines and repository', () => {
  const manifest = { license: undefined, engines: undefined, repository: undefined };
  expect(contents([], manifest, true)).toEqual([
    'THIRD-PARTY-NOTICES.md is missing or empty',
    'package.json has no repository',
    'package.json has no license',
    'package.json has no engines.node',
  ]);
});

const references = (path: string, text: string) =>
  problemsOfReferences(
    [{ path, text }],
    (file) => FILES.includes(file),
    (file) => file === 'docs/upgrade.md',
  ).map((problem) => problem.split(', which')[0]);

test.each([
  ['README.md', '[a](LICENSE) [b](./CHANGELOG.md#v1 "c") [d](https://x.example/docs/a.md) [e](#here) <mailto:a@b.c>'],
  ['README.md', 'Code: `[a](missing.md)`\n\n```sh\n[b](missing.md)\n```\n'],
  ['README.md', '[docs/upgrade.md](https://x.example/docs/upgrade.md)'],
  ['dist/index.js', 'see https://x.example/docs/upgrade.md, and docs/Guides/Other.md of another project'],
])('in %s, %j leads somewhere', (path, text) => {
  expect(references(path, text)).toEqual([]);
});

test.each([
  ['README.md', '[a](../../docs/upgrade.md)', '../../docs/upgrade.md'],
  ['README.md', '![a](<missing.png> "b")', 'missing.png'],
  ['README.md', '[a]\n\n[a]: missing.md', 'missing.md'],
  ['README.md', '<a href="missing.html">a</a>', 'missing.html'],
  ['README.md', 'see docs/upgrade.md', 'docs/upgrade.md'],
  ['dist/index.js', "throw new Error('see docs/upgrade.md#steps')", 'docs/upgrade.md'],
])('in %s, %j does not', (path, text, target) => {
  expect(references(path, text)).toContain(`${path} refers to ${target}`);
});

test('a package without a budget, or above it, is a problem', () => {
  const sizes = { packedBytes: 10, unpackedBytes: 20 };
  expect(problemsOfSizes('a', sizes, { packed: 10, unpacked: 20 })).toEqual([]);
  expect(problemsOfSizes('a', sizes, { packed: 9, unpacked: 19 })).toHaveLength(2);
  expect(problemsOfSizes('a', sizes, undefined)).toEqual([expect.stringContaining('has no sizes for a')]);
});

test('the section of a version is what is below its heading', () => {
  const text = '# a\n\n## 1.10.0\n\n### Minor Changes\n\n- New.\n\n## 1.1.0\n\n- Old.\n\n## 1.0.0\n';
  expect(changelogSection(text, '1.10.0')).toBe('### Minor Changes\n\n- New.');
  expect(changelogSection(text, '1.1.0')).toBe('- Old.');
  for (const version of ['1.0.0', '1.1', '1']) expect(changelogSection(text, version)).toBeUndefined();
});
