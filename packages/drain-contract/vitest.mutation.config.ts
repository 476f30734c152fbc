import { defineConfig } from 'vitest/config';

/** For mutation tests, which copy this package elsewhere: nothing above it, no report, no test of other programs. */
export default defineConfig({
  test: { include: ['src/**/*.test.ts'], exclude: ['src/files/**'], reporters: ['dot'] },
});
