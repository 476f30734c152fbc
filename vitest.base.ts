import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that take minutes, and repeat at length what shorter ones check: `npm run nightly` runs them as well. */
const NIGHTLY = '**/*.nightly.test.ts';

/** What the tests of every workspace have in common. The JSON is for the sum that `npm test` prints at its end. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(process.env.HERMES_NIGHTLY ? [] : [NIGHTLY])],
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    // Bounds against hanging, not measurements: a machine with ten times the load must not fail a test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 90_000, interval: 20 } },
  },
});
