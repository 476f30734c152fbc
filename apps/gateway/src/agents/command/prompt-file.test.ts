import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { openPrompt, removePromptLeftovers } from './prompt-file.ts';

it('holds the whole text, without a name, for its owner alone', async () => {
  const directory = temporaryDirectory();
  const text = 'z\u0000\u{1F600}\n'.repeat(50_000);
  await using prompt = await openPrompt(directory, text);
  expect(readdirSync(directory)).toEqual([]);
  expect((await prompt.stat()).mode & 0o777).toBe(0o600);
  expect(await prompt.readFile('utf8')).toBe(text);
});

it('cannot be changed through what the command gets', async () => {
  await using prompt = await openPrompt(temporaryDirectory(), 'text');
  await expect(prompt.write('other')).rejects.toMatchObject({ code: 'EBADF' });
});

it('rejects where nothing can be stored', async () => {
  await expect(openPrompt(join(temporaryDirectory(), 'gone'), 'text')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('leaves nothing of a process that was killed, and keeps what is not its own', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, '.prompt-0d4cbd3e-6b3c-4f3a-9d35-4b7a7f0c2c11'), '');
  writeFileSync(join(directory, '.prompt-of-mine'), '');
  await removePromptLeftovers(directory);
  await removePromptLeftovers(join(directory, 'gone'));
  expect(readdirSync(directory)).toEqual(['.prompt-of-mine']);
});
