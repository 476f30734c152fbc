import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { API_TYPES, apiTypes } from './api-types.ts';
import { MANUAL, manual } from './man.ts';

const CURE = 'run: pnpm --filter @hermes/drainctl generate';

test('the types of the client are those of the OpenAPI document', async () => {
  expect(await apiTypes(), CURE).toBe(readFileSync(API_TYPES, 'utf8'));
});

test('the manual page says what the help says', () => {
  expect(manual(), CURE).toBe(readFileSync(MANUAL, 'utf8'));
});
