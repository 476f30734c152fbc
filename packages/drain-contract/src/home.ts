import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a function looks for its file. */
export interface HomeOptions {
  /** Absolute path of the profile's home directory. Default: `$HERMES_HOME`, else `~/.hermes`. */
  readonly home?: string | undefined;
}

/** The home directory that `options` names, as an absolute path. An empty one counts as not named, like an empty `HERMES_HOME`. */
export function resolveHome(options: HomeOptions = {}): string {
  const named = options.home || process.env.HERMES_HOME?.trim();
  return named ? resolve(named) : join(homedir(), '.hermes');
}
