import { expect, test } from 'vitest';
import { describeApi, keptApi } from '../testing/openapi.ts';

test('openapi.json is what the routes say of themselves; `pnpm openapi:update` writes it anew', async () => {
  expect(JSON.parse(keptApi())).toEqual(JSON.parse(await describeApi()));
});
