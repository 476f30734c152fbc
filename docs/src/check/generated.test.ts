import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configurationKeys } from '../generate/configuration.ts';
import { MEANING } from '../generate/configuration-words.ts';
import { generatedPages } from '../generate/generated.ts';
import { ROOT, read } from '../pages.ts';

test('the generated pages say what the programs say now', async () => {
  for (const [page, text] of Object.entries(await generatedPages())) {
    const written = existsSync(join(ROOT, page)) ? read(page) : '';
    expect(written, `${page} is out of date: pnpm --filter @hermes/docs generate`).toBe(text);
  }
});

test('every key of config.yaml has a meaning, and every meaning has a key', () => {
  expect(Object.keys(MEANING).toSorted()).toEqual([...configurationKeys()].toSorted());
});
