import { existsSync, readFileSync } from 'node:fs';
import { resolveHome, visibleJson, visibleText } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import {
  authorshipOf,
  createUnitManager,
  installedHome,
  type Scope,
  type UnitManager,
  type UnitStatus,
  unitPaths,
} from '@hermes/systemd';
import { becomeOwnerOfHome } from '../identity.ts';
import { withStartupErrors } from './errors.ts';
import type { ServiceFlags } from './flags.ts';
import { recordInChild } from './record.ts';

/** `hermes-gateway service start`, `stop` and `restart`. @throws StartupError or ContractError */
export async function runControl(
  verb: 'start' | 'stop' | 'restart',
  profile: string,
  { user, json }: ServiceFlags,
): Promise<void> {
  const manager = await managerOf(user ? 'user' : 'system');
  const status = await withStartupErrors(manager[verb](profile));
  process.stdout.write(json ? `${visibleJson(status)}\n` : `${visibleText(formatStatus(status))}\n`);
}

/** `hermes-gateway service status`. @throws StartupError or ContractError */
export async function runStatus({ user, json }: ServiceFlags): Promise<void> {
  const scope = user ? 'user' : 'system';
  const manager = await managerOf(scope);
  becomeOwnerOfHome();
  const files = unitPaths(scope).map((path) => ({ path, state: stateOf(path) }));
  const services = await withStartupErrors(manager.list());
  const text = [...files.map(({ path, state }) => `${path}: ${state}`), ...services.map(formatStatus)];
  const report = { scope, home: resolveHome(), files, services };
  process.stdout.write(json ? `${visibleJson(report)}\n` : text.map((line) => `${visibleText(line)}\n`).join(''));
}

/** Of the home that the units serve, whatever this shell has in `HERMES_HOME`. @throws StartupError without units. */
async function managerOf(scope: Scope): Promise<UnitManager> {
  const home = await withStartupErrors(installedHome(scope));
  if (home === undefined) {
    const install = `hermes-gateway service install${scope === 'user' ? ' --user' : ''}`;
    throw new StartupError(`expected the unit hermes-gateway@.service with a HERMES_HOME, found none: ${install}`);
  }
  process.env.HERMES_HOME = home;
  return createUnitManager({ home, scope, record: recordInChild });
}

function stateOf(path: string): 'missing' | 'installed' | 'changed by hand' {
  if (!existsSync(path)) return 'missing';
  return authorshipOf(readFileSync(path, 'utf8'), '') === 'changed' ? 'changed by hand' : 'installed';
}

function formatStatus({ profile, state, pid, exit_code: code, signal, enabled }: UnitStatus): string {
  const end = signal ?? (code === null ? undefined : `exit status ${code}`);
  const process = pid === null ? end : `pid ${pid}`;
  const boot = enabled ? 'started at boot' : 'not started at boot';
  return `${profile}: ${[state, ...(process === undefined ? [] : [process]), boot].join(', ')}`;
}
