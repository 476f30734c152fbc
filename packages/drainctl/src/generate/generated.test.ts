import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MANUAL, manual } from './man.ts';

test('the manual page says what the help says', () => {
  expect(manual(), 'run: pnpm --filter @hermes/drainctl generate').toBe(readFileSync(MANUAL, 'utf8'));
});
