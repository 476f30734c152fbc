import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { installDebianPackages } from './test/debian-packages.ts';

/** What the benches measure against, and with. */
const DEBIAN_PACKAGES = {
  'build-essential': 'cc',
  execline: 'execlineb',
  python3: 'python3',
  s6: 's6-svscan',
  strace: 'strace',
};

const args = process.argv.slice(2);
const isOnlyAsking = args.some((word) => ['-h', '--help', '--list'].includes(word));
if (!isOnlyAsking) installDebianPackages(DEBIAN_PACKAGES);
const child = spawn(process.execPath, [resolve('packages/system-tests/src/bench/main.ts'), ...args], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
process.exitCode = code ?? 1;
