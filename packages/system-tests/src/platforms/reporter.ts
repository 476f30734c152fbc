import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import './drives.ts';
import { CHECKOUT, type Counts, notRecorded, writeRecord } from './record.ts';

/** Records the runs of test files that say which platform they drive; nothing without HERMES_RECORD_PLATFORMS. */
export default class PlatformReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const { driven } = module.meta();
    if (driven === undefined) return;
    const test = relative(CHECKOUT, module.moduleId);
    const counts = countsOf(module);
    const reason = notRecorded(counts);
    const { passed, failed } = counts;
    if (reason !== undefined) console.warn(`${test} is not recorded: ${reason}`);
    else writeRecord({ ...driven, test, passed, failed, date: new Date().toISOString().slice(0, 10) });
  }
}

/** An error outside of the tests counts as one that failed. */
function countsOf(module: TestModule): Counts {
  const states = [...module.children.allTests()].map((test) => test.result().state);
  const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors());
  const count = (state: string) => states.filter((each) => each === state).length;
  const failed = count('failed') + module.errors().length + suites.length;
  return { passed: count('passed'), failed, skipped: count('skipped') + count('pending') };
}
