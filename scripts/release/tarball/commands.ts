import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { dependenciesOf } from '../packages.ts';
import { run, tail } from '../run.ts';
import type { Unpacked } from './unpacked.ts';

const VERSION_MS = 60_000;

/**
 * Runs each command of a package with `--version`, beside those dependencies that its package.json names.
 * @param workspace that has its dependencies installed
 * @returns what is wrong with them, each as a sentence for a person
 */
export function problemsOfCommands(unpacked: Unpacked, workspace: string): string[] {
  const commands = Object.entries(commandsOf(unpacked));
  if (commands.length > 0) linkDependencies(unpacked, workspace);
  return commands.flatMap(([name, path]) => problemOf(unpacked, name, path) ?? []);
}

function commandsOf({ manifest: { name, bin = {} } }: Unpacked): Readonly<Record<string, string>> {
  return typeof bin === 'string' ? { [name.replace(/^.*\//, '')]: bin } : bin;
}

function problemOf(unpacked: Unpacked, name: string, path: string): string | undefined {
  const file = unpacked.files.find((one) => one.path === posix.normalize(path));
  if (file === undefined) return `the command ${name} is ${path}, which is not in the package`;
  if (!file.isExecutable) return `the command ${name}, ${path}, is not executable: chmod +x`;
  if (!unpacked.read(file.path).startsWith('#!')) return `the command ${name}, ${path}, does not begin with #!`;
  const ended = run(process.execPath, [unpacked.path(file.path), '--version'], {
    cwd: unpacked.path(),
    timeoutMs: VERSION_MS,
  });
  const { version } = unpacked.manifest;
  if (ended.status === 0 && ended.stdout.trim().split(/\s+/).includes(version)) return undefined;
  return `${name} --version does not print ${version} (exit status ${ended.status}): ${tail(ended)}`;
}

/** Only those that are declared: what else the workspace has would be missing after an installation. */
function linkDependencies(unpacked: Unpacked, workspace: string): void {
  for (const name of dependenciesOf(unpacked.manifest)) {
    const link = unpacked.path(join('node_modules', name));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(workspace, 'node_modules', name), link);
  }
}
