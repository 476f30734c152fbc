import { defineConfig } from 'vitest/config';

/** For the file beside this one, which no other run must find. */
export default defineConfig({
  test: { include: ['src/live/gate/programs/broken-on-purpose.ts'], reporters: ['default'] },
});
