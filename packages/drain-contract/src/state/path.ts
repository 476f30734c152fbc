import { join } from 'node:path';
import { type HomeOptions, resolveHome } from '../home.ts';

/** Name of the state file in a profile's home directory. */
export const GATEWAY_STATE_FILENAME = 'gateway_state.json';

/** Absolute path of the gateway's state file. Touches no file. */
export function gatewayStatePath(options: HomeOptions = {}): string {
  return join(resolveHome(options), GATEWAY_STATE_FILENAME);
}
