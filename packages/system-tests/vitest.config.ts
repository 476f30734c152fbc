import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

const reporters = ['./src/live/gate/report/reporter.ts', './src/platforms/reporter.ts'];

// These tests wait for processes more than they compute.
export default mergeConfig(base, { test: { maxWorkers: 3, reporters } });
