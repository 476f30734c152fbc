import { expect, test } from 'vitest';
import { chooseRegistry } from '../../../../scripts/release/choose-registry.ts';

const choose = (urls: readonly string[], allowPublicRegistry = false) =>
  chooseRegistry(
    '@hermes',
    urls.map((url, index) => ({ source: `file ${index}`, url })),
    { allowPublicRegistry },
  );

test('equal settings are one registry', () => {
  expect(choose(['https://registry.example/npm', 'https://REGISTRY.example/npm/'])).toBe(
    'https://registry.example/npm/',
  );
});

test.each([
  ['none', []],
  ['two', ['https://one.example/', 'https://two.example/']],
  ['two schemes', ['https://one.example/', 'http://one.example/']],
])('%s is an error that names what is configured', (_, urls) => {
  expect(() => choose(urls)).toThrow(urls.at(-1) ?? 'no @hermes:registry');
});

test.each([
  'https://registry.npmjs.org',
  'http://REGISTRY.npmjs.org:80/',
  'https://registry.npmjs.org./',
  'https://registry.npmjs.com/',
  'https://registry.yarnpkg.com/',
  'https://registry.npmmirror.com/',
])('%s is public', (url) => {
  expect(() => choose([url])).toThrow('--allow-public-registry');
  expect(choose([url], true)).toBe(new URL(url).href);
});

test.each(['https://npm.pkg.github.com/', 'https://npmjs.org.example/', 'http://127.0.0.1:4873/'])(
  '%s is not',
  (url) => {
    expect(choose([url])).toBe(url);
  },
);

test.each(['registry.example', 'file:///tmp/registry', 'https://registry.example/?a=b', '$REGISTRY'])(
  '%s is not the URL of a registry',
  (url) => {
    expect(() => choose([url])).toThrow('the URL of a registry in file 0');
  },
);

test('a password in the URL is refused, and not printed', () => {
  expect(() => choose(['https://anna:s3cret@registry.example/'])).toThrow(/^(?!.*s3cret)/s);
});
