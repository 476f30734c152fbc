import { join } from 'node:path';
import { readSmallFile } from '@hermes/drain-contract';

// A line is enough, and loads no parser at each boot.
const SETTING = /^[ \t]*["']?multiplex_profiles["']?[ \t]*:[ \t]*(?:true|yes|on)[ \t]*(?:#.*)?$/im;

/**
 * Whether one gateway of the reference system serves all profiles of a root home, as its `config.yaml` says: then gateways
 * of the named profiles must not run beside it. Never throws.
 */
export function isMultiplexed(root: string): boolean {
  const sighting = readSmallFile(join(root, 'config.yaml'));
  return sighting.kind === 'bytes' && SETTING.test(Buffer.from(sighting.bytes).toString('utf8').replaceAll('\r', ''));
}
