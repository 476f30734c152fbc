import { join } from 'node:path';
import { type HomeOptions, resolveHome } from '../home.ts';

/** Name of the desired state file in a profile's home directory. */
export const DESIRED_STATE_FILENAME = 'desired_state.json';

/** Absolute path of the desired state file. Touches no file. */
export function desiredStatePath(options: HomeOptions = {}): string {
  return join(resolveHome(options), DESIRED_STATE_FILENAME);
}
