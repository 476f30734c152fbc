import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_TEMPLATE, type Scope } from '../unit/definition.ts';
import { unitDirectory } from '../unit/files.ts';

/** Where packages and administrators have units of the machine. */
const SYSTEM_DIRECTORIES = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Exists where the machine was booted by systemd, see sd_booted(3). */
export const BOOTED = '/run/systemd/system';

/** The manager that has our units, that of the machine first; `undefined` where there is none. */
export function findUnits(environment: NodeJS.ProcessEnv = process.env): Scope | undefined {
  if (!existsSync(BOOTED)) return undefined;
  if (SYSTEM_DIRECTORIES.some((directory) => existsSync(join(directory, GATEWAY_TEMPLATE)))) return 'system';
  return existsSync(join(unitDirectory('user', environment), GATEWAY_TEMPLATE)) ? 'user' : undefined;
}
