import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@hermes/service-kit';

/** The directory in the home of a gateway that its isolated command works in, unless `cwd` names another. */
const WORKSPACE = 'workspace';

/** Makes the working directory if need be. @returns its path. @throws StartupError where something else has its name. */
export function makeWorkspace(home: string): string {
  const path = join(realpathSync(home), WORKSPACE);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (lstatSync(path).isDirectory()) return path;
  throw new StartupError(`${path}: expected a directory for the agent's command, found another file: move it away`);
}
