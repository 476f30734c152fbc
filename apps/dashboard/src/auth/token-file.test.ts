import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { secretWeakness } from '@hermes/service-kit';
import { isRoot, lacking } from '@hermes/test-kit';
import { expect, test } from 'vitest';
import { temporaryHome } from '../testing/home.ts';
import { ensureToken, tokenPath } from './token-file.ts';

const TOKEN = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcdefg';

test('makes a token that only its owner can read, and keeps it', async () => {
  const home = temporaryHome();
  const token = await ensureToken(home);
  expect(secretWeakness(token)).toBeUndefined();
  expect(statSync(tokenPath(home)).mode & 0o777).toBe(0o600);
  expect(await ensureToken(home)).toBe(token);
  expect(readdirSync(home)).toEqual(['.dashboard_token']);
});

test('everybody who starts at the same time gets the same token', async () => {
  const home = temporaryHome();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => ensureToken(home)));
  expect(new Set(tokens)).toEqual(new Set([readFileSync(tokenPath(home), 'utf8')]));
  expect(readdirSync(home)).toEqual(['.dashboard_token']);
});

test('takes a token that a person has written, with a line break at its end', async () => {
  const home = temporaryHome();
  writeFileSync(tokenPath(home), `${TOKEN}\n`, { mode: 0o600 });
  expect(await ensureToken(home)).toBe(TOKEN);
});

test.each([
  ['a symbolic link', (path: string) => symlinkWithToken(path), /symbolic link/],
  ['a directory', (path: string) => mkdirSync(path), /not a regular file/],
  ['readable by others', (path: string) => writeToken(path, TOKEN, 0o644), /other users/],
  ['writable by the group', (path: string) => writeToken(path, TOKEN, 0o620), /other users/],
  ['empty', (path: string) => writeToken(path, '', 0o600), /0 characters/],
  ['weak', (path: string) => writeToken(path, 'hunter2', 0o600), /7 characters/],
  ['huge', (path: string) => writeToken(path, 'x'.repeat(5000), 0o600), /too large/],
])('refuses a token file that is %s, and says how to cure it', async (_what, plant, reason) => {
  const home = temporaryHome();
  plant(tokenPath(home));
  await expect(ensureToken(home)).rejects.toThrow(reason);
  await expect(ensureToken(home)).rejects.toThrow(/remove the file/);
});

test.skipIf(lacking('root, to give a file away', isRoot()))('refuses a token file of another user', async () => {
  const home = temporaryHome();
  writeToken(tokenPath(home), TOKEN, 0o600);
  chownSync(tokenPath(home), 65_534, 65_534);
  await expect(ensureToken(home)).rejects.toThrow(/belongs to user id 65534/);
});

function writeToken(path: string, token: string, mode: number): void {
  writeFileSync(path, token);
  chmodSync(path, mode);
}

function symlinkWithToken(path: string): void {
  const target = join(path, '..', 'elsewhere');
  writeToken(target, TOKEN, 0o600);
  symlinkSync(target, path);
}
