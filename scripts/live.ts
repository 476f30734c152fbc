import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installDebianPackages } from './test/debian-packages.ts';

const HELP = `Tests on this machine that gateways drain, restart and shut down gracefully: boots the image in its own containers,
runs the checklist, the restarts and a soak test, and writes live-report.md and live-report.json.

Usage: npm run live
       npm run live -- --minutes 60
       npm run live -- --machine

Options:
  --machine          only: a machine emulated by QEMU restarts, and loses its power at random moments (half an hour)
  --minutes N        duration of the soak test (10)
  --output DIR       directory for the reports (.)
  --json             also print the report as JSON
  -h, --help

Environment:
  SOAK_MINUTES       as --minutes
  HERMES_SEED        random seed of the soak test and of the power cuts; the report contains it
  HERMES_POWER_CUTS  with --machine, how often the power of each machine is cut (2)

Needs root, Linux with namespaces and overlayfs, and Debian's s6, which it installs.

Exit codes:
  0  every point passed
  1  a point failed or could not be checked
  2  usage
`;

const SYSTEM_TESTS = 'packages/system-tests';
const DEBIAN_PACKAGES = { execline: 'execlineb', s6: 's6-svscan' };
const MACHINE_PACKAGES = { 'qemu-system-x86': 'qemu-system-x86_64', mmdebstrap: 'mmdebstrap', e2fsprogs: 'mke2fs' };

process.exitCode = await main();

async function main(): Promise<number> {
  const options = read();
  if (typeof options === 'string') {
    process.stderr.write(options);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  return options.machine ? machine() : live(options);
}

/** @returns what is wrong with the command line, if something is. */
function read() {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        machine: { type: 'boolean', default: false },
        minutes: { type: 'string', default: process.env.SOAK_MINUTES ?? '10' },
        output: { type: 'string', default: '.' },
      },
    });
    if (Number(values.minutes) > 0) return values;
    return `--minutes: expected a number above 0, found '${values.minutes}'\n`;
  } catch (error) {
    return `${(error as Error).message}\n\n${HELP}`;
  }
}

async function machine(): Promise<number> {
  installDebianPackages(MACHINE_PACKAGES);
  return (await runTests(['src/live/machine'], {})) ? 0 : 1;
}

async function live({ json, minutes, output }: { json: boolean; minutes: string; output: string }): Promise<number> {
  installDebianPackages(DEBIAN_PACKAGES);
  const directory = resolve(output);
  const report = (kind: 'md' | 'json') => join(directory, `live-report.${kind}`);
  mkdirSync(directory, { recursive: true });
  // The report of a run before must not pass for that of one that broke down.
  for (const kind of ['md', 'json'] as const) rmSync(report(kind), { force: true });
  const reporter = '--reporter=./src/live/gate/report/reporter.ts';
  const variables = { LIVE_REPORT_DIRECTORY: directory, SOAK_MINUTES: minutes };
  const passed = await runTests(['src/live/gate', reporter], variables);
  if (!existsSync(report('json'))) {
    process.stderr.write('The run failed before it wrote a report; see the output above.\n');
    return 1;
  }
  process.stdout.write(readFileSync(report(json ? 'json' : 'md'), 'utf8'));
  process.stderr.write(`\n${report('md')}\n${report('json')}\n`);
  return passed && JSON.parse(readFileSync(report('json'), 'utf8')).passed ? 0 : 1;
}

/** One file after the other, so that nothing else is measured than what is to be. */
async function runTests(words: readonly string[], variables: Readonly<Record<string, string>>): Promise<boolean> {
  const vitest = resolve(SYSTEM_TESTS, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--no-file-parallelism', '--reporter=default', ...words], {
    cwd: SYSTEM_TESTS,
    env: { ...process.env, HERMES_NIGHTLY: '1', ...variables },
    stdio: ['ignore', 2, 2],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return code === 0;
}
