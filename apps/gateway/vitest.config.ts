import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

// Many of these tests wait for a process, a clock or a disk.
export default mergeConfig(base, { test: { maxWorkers: 2, include: ['web/**/*.test.ts'] } });
