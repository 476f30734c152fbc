import { defineConfig } from 'vitest/config';

/** What the tests of every workspace have in common. The JSON is for the sum that `npm test` prints at its end. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    // Bounds against hanging, not measurements: a busy machine must not fail a test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
  },
});
