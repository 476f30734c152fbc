import { expect, test } from 'vitest';
import { isPlaceholder } from '../../../../scripts/release/source-url.ts';

test.each([
  'git+ssh://git@git.example/hermes/hermes-drain.git',
  'git@git.example:hermes/hermes-drain.git',
  'https://user:word@git.example.com:8443/a.git',
  'https://EXAMPLE.ORG/a',
  'http://git.test/a',
])('%s is a placeholder', (url) => {
  expect(isPlaceholder(url)).toBe(true);
});

test.each([
  'git+https://git.internal/hermes.git',
  'git@git.internal:example/hermes.git',
  'https://github.com/example.org/hermes',
  'github:example/hermes',
  'https://example.org.internal/a',
  '',
])('%s is none', (url) => {
  expect(isPlaceholder(url)).toBe(false);
});
