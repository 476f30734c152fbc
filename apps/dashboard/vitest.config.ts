import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

// One process for all files: loading Fastify and the rest for each took a third of the processor time.
export default mergeConfig(base, { test: { isolate: false, include: ['web/**/*.test.ts'] } });
