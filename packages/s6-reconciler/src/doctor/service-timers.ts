import { lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ServiceTimers } from './timers.ts';

/** Where s6-overlay has the definitions that it compiles at each boot. */
const S6_RC_SOURCES = '/etc/s6-overlay/s6-rc.d';

/**
 * The limits of the service directory around all gateways; `undefined` when there is none. A service of s6-rc is a link,
 * and s6-rc keeps its `timeout-down` in a compiled database, so that one is read in the source.
 */
export function readServiceTimers(service: string, sources = S6_RC_SOURCES): ServiceTimers | undefined {
  const source = isLink(service) ? join(sources, basename(service)) : undefined;
  const kill = readSeconds(service, 'timeout-kill');
  const down = readSeconds(source ?? service, 'timeout-down');
  return kill === undefined && down === undefined ? undefined : { kill, down, source };
}

/** The time that a file of a service directory holds in ms, in seconds; `undefined` for none, or no limit. */
export function readSeconds(service: string, file: string): number | undefined {
  try {
    const milliseconds = Number.parseInt(readFileSync(join(service, file), 'utf8'), 10);
    return milliseconds > 0 ? milliseconds / 1000 : undefined;
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
