import { defineConfig } from 'vitest/config';

/** What the tests of every workspace have in common. The JSON is for the sum that `npm test` prints at its end. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
