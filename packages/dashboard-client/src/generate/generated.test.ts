import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { API_TYPES, apiTypes } from './api-types.ts';

test('the types of the client are those of the OpenAPI document', async () => {
  const cure = 'run: pnpm --filter @hermes/dashboard-client generate';
  expect(await apiTypes(), cure).toBe(readFileSync(API_TYPES, 'utf8'));
});
