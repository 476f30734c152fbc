import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTrustedFile, type TrustRules } from './trusted-file.ts';

const rules: TrustRules = {
  followLinks: false,
  owners: [process.geteuid?.()],
  forbiddenMode: () => 0o077,
  maxBytes: 5,
};

let path: string;

beforeEach(() => {
  path = join(temporaryDirectory(), 'secret');
});

describe('a trusted file', () => {
  it('is read whole, with its owner', () => {
    writeFileSync(path, 'abcde', { mode: 0o600 });
    expect(readTrustedFile(path, rules)).toEqual({ text: 'abcde', owner: process.geteuid?.() });
  });

  it('may be reached through a link where that is allowed', () => {
    writeFileSync(path, 'a', { mode: 0o600 });
    symlinkSync(path, `${path}.link`);
    expect(readTrustedFile(`${path}.link`, { ...rules, followLinks: true }).text).toBe('a');
    expect(() => readTrustedFile(`${path}.link`, rules)).toThrow(expect.objectContaining({ distrust: 'link' }));
  });

  it('that is missing is an error of the system', () => {
    expect(() => readTrustedFile(path, rules)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('a file is not trusted', () => {
  it.each<[distrust: string, make: () => void, changes: Partial<TrustRules>]>([
    ['kind', () => mkdirSync(path), {}],
    ['kind', () => execFileSync('mkfifo', [path]), {}],
    ['owner', () => writeFileSync(path, '', { mode: 0o600 }), { owners: [4_000_000_000] }],
    ['access', () => writeAs(0o640), {}],
    ['size', () => writeFileSync(path, 'abcdef', { mode: 0o600 }), {}],
  ])('for its %s', (distrust, make, changes) => {
    make();
    expect(() => readTrustedFile(path, { ...rules, ...changes })).toThrow(expect.objectContaining({ distrust }));
  });
});

function writeAs(mode: number): void {
  writeFileSync(path, '');
  chmodSync(path, mode);
}
