import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSecretVariable } from './secret-variable.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'secret-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test('a secret is in its variable, in the file that NAME_FILE names, or among the credentials of systemd', () => {
  const home = directory();
  const path = join(home, 'KEY');
  writeFileSync(path, 's3cret\n');
  symlinkSync(path, join(home, 'link'));
  for (const environment of [
    { KEY: 's3cret' },
    { KEY_FILE: path },
    { KEY_FILE: join(home, 'link') },
    { CREDENTIALS_DIRECTORY: home },
    { KEY: '', KEY_FILE: '', CREDENTIALS_DIRECTORY: home },
  ]) {
    expect(readSecretVariable(environment, 'KEY')).toBe('s3cret');
  }
});

test('what is not set is no secret, and neither is another credential of systemd', () => {
  expect(readSecretVariable({ CREDENTIALS_DIRECTORY: directory() }, 'KEY')).toBeUndefined();
  expect(readSecretVariable({}, 'KEY')).toBeUndefined();
});

test.each<[what: string, make: (path: string) => void, message: RegExp]>([
  ['that is not there', () => undefined, /^KEY_FILE: cannot read .*ENOENT/],
  ['that is empty', (path) => writeFileSync(path, ' \n'), /^KEY_FILE: .* is empty/],
  ['that is too large', (path) => writeFileSync(path, 'x'.repeat(70_000)), /^KEY_FILE: .* bytes/],
  ['that is a directory', (path) => mkdirSync(path), /^KEY_FILE: .* no regular file/],
])('a file %s is a mistake of the configuration', (_what, make, message) => {
  const path = join(directory(), 'file');
  make(path);
  expect(() => readSecretVariable({ KEY_FILE: path }, 'KEY')).toThrow(message);
});

test('two secrets for one variable are a mistake, and neither is shown', () => {
  expect(() => readSecretVariable({ KEY: 's3cret', KEY_FILE: '/x' }, 'KEY')).toThrow(/^KEY and KEY_FILE are both set/);
  expect(() => readSecretVariable({ KEY: 's3cret', KEY_FILE: '/x' }, 'KEY')).not.toThrow(/s3cret/);
});
