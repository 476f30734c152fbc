import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pnpm } from './pnpm.mjs';
import { installDebianPackages } from './test/debian-packages.ts';
import { readResults, removeResults } from './test/results.ts';
import { runScript } from './test/run-script.ts';

const HELP = `Checks everything: lint, types, published packages and their API, the tests of every workspace, the demo, and the README's tour as it is written.

Usage: npm test
       npm test -- --force      (also what has not changed since it last passed)
       npm run nightly          (also the tests that take minutes: *.nightly.test.ts)

The last line is the sum over all of it. Exit codes: 0 all passed, 1 something failed.
`;

/** What the tests use, and a command or a file of each. */
const DEBIAN_PACKAGES = {
  chromium: 'chromium',
  curl: 'curl',
  execline: 'execlineb',
  bubblewrap: 'bwrap',
  faketime: 'faketime',
  gcc: 'gcc',
  haproxy: 'haproxy',
  'kubernetes-client': 'kubectl',
  'nginx-light': 'nginx',
  openssl: 'openssl',
  prometheus: 'promtool',
  python3: 'python3',
  'python3-build': '/usr/lib/python3/dist-packages/build/__init__.py',
  'python3-fastapi': '/usr/lib/python3/dist-packages/fastapi/__init__.py',
  'python3-pip': '/usr/lib/python3/dist-packages/pip/__init__.py',
  'python3-setuptools': '/usr/lib/python3/dist-packages/setuptools/__init__.py',
  'python3-uvicorn': '/usr/lib/python3/dist-packages/uvicorn/__init__.py',
  'python3-wheel': '/usr/lib/python3/dist-packages/wheel/__init__.py',
  s6: 's6-svscan',
  shellcheck: 'shellcheck',
  spin: 'spin',
  systemd: 'systemd-analyze',
};

/** What the long tests use besides. */
const NIGHTLY_PACKAGES = {
  'aardvark-dns': '/usr/lib/podman/aardvark-dns',
  crun: 'crun',
  mmdebstrap: 'mmdebstrap',
  netavark: '/usr/lib/podman/netavark',
  podman: 'podman',
  'podman-compose': 'podman-compose',
  'systemd-container': 'systemd-nspawn',
};

const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, force: { type: 'boolean' }, nightly: { type: 'boolean' } },
});
if (values.nightly) process.env.HERMES_NIGHTLY = '1';
if (values.help) process.stdout.write(HELP);
else process.exitCode = await testEverything();

async function testEverything(): Promise<number> {
  installDebianPackages({ ...DEBIAN_PACKAGES, ...(values.nightly ? NIGHTLY_PACKAGES : {}) });
  // Tests start thousands of Nodes, and most of them compile the same code.
  process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled');
  removeResults();
  const tasks = ['//#lint', 'typecheck', '//#typecheck:root', 'api:check', 'check:package', 'test'];
  const checked = pnpm('.', [
    'turbo',
    'run',
    ...tasks,
    '--continue',
    // More than the machines of CI have cores: many tests wait for a process, a clock or a disk.
    '--concurrency=3',
    ...(values.force ? ['--force'] : []),
  ]);
  const results = readResults();
  // Lint, types, or a test run that broke down: not a failed test, but a failure.
  if (!checked && results.failed === 0) results.failed += 1;
  for (const script of ['scripts/demo.ts', 'scripts/tour.ts']) {
    process.stderr.write(`\n${script}\n`);
    if (await runScript(script)) results.passed += 1;
    else results.failed += 1;
  }
  // Once more, where it is seen: what failed is thousands of lines above.
  for (const failure of results.failures) process.stderr.write(`\nFAILED ${failure}\n`);
  const left = values.nightly ? [] : globSync('{packages/*,apps/*}/src/**/*.nightly.test.ts');
  if (left.length > 0) process.stderr.write(`\nNot run: ${left.length} files of long tests (npm run nightly)\n`);
  process.stdout.write(`${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped\n`);
  return results.failed === 0 ? 0 : 1;
}
