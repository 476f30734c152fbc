import { globSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import type { JsonTestResult, JsonTestResults } from 'vitest/node';

/** What the test runs of all workspaces came to. */
export interface Results {
  passed: number;
  failed: number;
  skipped: number;
  /** Each failure as text: file, name and messages. */
  readonly failures: readonly string[];
}

const FILES = '{packages/*,apps/*,docs}/test-results/vitest.json';

/** Forgets what earlier runs left: a run that breaks down writes nothing. */
export function removeResults(): void {
  for (const file of globSync(FILES)) rmSync(file);
}

export function readResults(): Results {
  const runs = globSync(FILES).map((file): JsonTestResults => JSON.parse(readFileSync(file, 'utf8')));
  const add = (count: (run: JsonTestResults) => number) => runs.reduce((sum, run) => sum + count(run), 0);
  return {
    passed: add((run) => run.numPassedTests),
    failed: add((run) => run.numFailedTests),
    skipped: add((run) => run.numPendingTests + run.numTodoTests),
    failures: runs.flatMap((run) => run.testResults.flatMap(failuresOf)),
  };
}

function failuresOf({ name, status, message, assertionResults }: JsonTestResult): string[] {
  const file = relative('.', name);
  const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
  // A file that could not be loaded, or failed outside its tests.
  if (status === 'failed' && failed.length === 0) return [`${file}\n${message}`];
  return failed.map(({ fullName, failureMessages }) =>
    [`${file} > ${fullName}`, ...(failureMessages ?? []).map(withoutRunner)].join('\n'),
  );
}

/** A message without the part of its stack that lies in the test runner. */
function withoutRunner(message: string): string {
  const lines = message.split('\n');
  return lines.filter((line) => !line.includes('/node_modules/') && !line.endsWith('(<anonymous>)')).join('\n');
}
