import { join } from 'node:path';
import { type HomeOptions, resolveHome } from '../home.ts';
import { DRAIN_REQUEST_FILENAME } from './schema.pure.ts';

/** Absolute path of the drain marker. Touches no file. */
export function drainRequestPath(options: HomeOptions = {}): string {
  return join(resolveHome(options), DRAIN_REQUEST_FILENAME);
}
