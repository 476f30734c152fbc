import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** The settings of a gateway; other programs may have sections in the same file. */
export const CONFIG_FILENAME = 'config.yaml';
/** The settings where `config.yaml` is that of another program: if it is there, the gateway reads it instead. */
export const OWN_CONFIG_FILENAME = 'gateway.yaml';

/** The path of the file from which the gateway of `home` takes its settings; it need not be there. */
export function configPath(home: string): string {
  return join(home, hasOwnConfig(home) ? OWN_CONFIG_FILENAME : CONFIG_FILENAME);
}

/** Whether `config.yaml` in `home` is none of the gateway's. One that cannot be looked for counts: reading it tells why. */
export function hasOwnConfig(home: string): boolean {
  try {
    return lstatSync(join(home, OWN_CONFIG_FILENAME), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
