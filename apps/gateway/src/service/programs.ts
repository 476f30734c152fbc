import { existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { StartupError } from '@hermes/service-kit';

/** The command line that runs this program again, whatever the `PATH` of the unit is. */
export function ownCommand(): string[] {
  return [process.execPath, process.argv[1] ?? ''];
}

/** That of `hermes-dashboard`, beside this program or on the `PATH`. @throws StartupError */
export function dashboardCommand(environment: NodeJS.ProcessEnv): string[] {
  const directories = [dirname(process.argv[1] ?? ''), ...(environment.PATH ?? '').split(delimiter)];
  const program = directories.map((directory) => join(directory, 'hermes-dashboard')).find((path) => existsSync(path));
  if (program !== undefined) return [process.execPath, program];
  throw new StartupError(
    'expected hermes-dashboard beside this program or on the PATH, found none: npm install -g @hermes/dashboard',
  );
}

const READABLE_BY_OTHERS = 0o004;
const SEARCHABLE_BY_OTHERS = 0o001;

/** @throws StartupError when another user cannot run one of the programs, as those in root's own home. */
export function requireForOthers(programs: readonly string[], user: string): void {
  for (const program of programs) {
    const path = realpathSync(program);
    let obstacle = (statSync(path).mode & READABLE_BY_OTHERS) === 0 ? path : undefined;
    for (let directory = dirname(path); directory !== dirname(directory); directory = dirname(directory))
      if ((statSync(directory).mode & SEARCHABLE_BY_OTHERS) === 0) obstacle = directory;
    if (obstacle !== undefined)
      throw new StartupError(
        `expected programs that the user ${user} can run; ${program} is not one, because of ${obstacle}: install Node and @hermes/gateway in /usr/local, or use --user`,
      );
  }
}
