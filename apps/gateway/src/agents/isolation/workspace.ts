import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@hermes/service-kit';

/** The working directory of the isolated command in the home of a gateway, unless `cwd` is set. */
const WORKSPACE = 'workspace';

/**
 * Creates the working directory if it does not exist. @returns its path. @throws StartupError if another file has its
 * name.
 */
export function makeWorkspace(home: string): string {
  const path = join(realpathSync(home), WORKSPACE);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (lstatSync(path).isDirectory()) return path;
  throw new StartupError(`${path}: expected a directory for the agent's command, found another file: move it away`);
}
