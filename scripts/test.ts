import { globSync, readFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pnpm } from './pnpm.mjs';
import { installDebianPackages } from './test/debian-packages.ts';
import { runScript } from './test/run-script.ts';

const HELP = `Checks everything: lint, types, published packages and their API, the tests of every workspace, the demo, and the README's tour as it is written.

Usage: npm test
       npm test -- --force      (also what has not changed since it last passed)

The last line is the sum over all of it. Exit codes: 0 all passed, 1 something failed.
`;

interface Sum {
  passed: number;
  failed: number;
  skipped: number;
}

/** What the tests use, and a command of each. */
const DEBIAN_PACKAGES = {
  chromium: 'chromium',
  execline: 'execlineb',
  python3: 'python3',
  s6: 's6-svscan',
  shellcheck: 'shellcheck',
};

const RESULTS = '{packages,apps}/*/test-results/vitest.json';

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, force: { type: 'boolean' } } });
if (values.help) process.stdout.write(HELP);
else process.exitCode = await testEverything();

async function testEverything(): Promise<number> {
  installDebianPackages(DEBIAN_PACKAGES);
  for (const file of globSync(RESULTS)) rmSync(file);
  const tasks = ['lint', '//#lint:root', 'typecheck', '//#typecheck:root', 'api:check', 'check:package', 'test'];
  const checked = pnpm('.', [
    'turbo',
    'run',
    ...tasks,
    '--continue',
    '--concurrency=2',
    ...(values.force ? ['--force'] : []),
  ]);
  const sum = addUp(globSync(RESULTS));
  // Lint, types, or a test run that broke down: not a failed test, but a failure.
  if (!checked && sum.failed === 0) sum.failed += 1;
  for (const script of ['scripts/demo.ts', 'scripts/tour.ts']) {
    process.stderr.write(`\n${script}\n`);
    if (await runScript(script)) sum.passed += 1;
    else sum.failed += 1;
  }
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
  return sum.failed === 0 ? 0 : 1;
}

function addUp(files: readonly string[]): Sum {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    sum.passed += result.numPassedTests;
    sum.failed += result.numFailedTests;
    sum.skipped += result.numPendingTests + result.numTodoTests;
  }
  return sum;
}
