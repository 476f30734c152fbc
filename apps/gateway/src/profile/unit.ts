import { resolveHome, shellLine } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { createUnitManager, findUnits, gatewayUnit } from '@hermes/systemd';
import { withStartupErrors } from '../service/errors.ts';

/** The command line that has systemd start or stop the gateway of a profile; `undefined` where there are no units. */
export function serviceCommand(verb: 'start' | 'stop', profile: string): string | undefined {
  const scope = findUnits();
  if (scope === undefined) return undefined;
  return shellLine(['hermes-gateway', 'service', verb, profile, ...(scope === 'user' ? ['--user'] : [])]);
}

/**
 * For a profile that is to be deleted: the units of a machine can be changed by root only, which does not delete homes.
 * @throws StartupError when systemd runs the gateway, or starts it at each boot.
 */
export async function requireNoUnit(profile: string): Promise<void> {
  const scope = findUnits();
  if (scope === undefined) return;
  const units = await withStartupErrors(createUnitManager({ home: resolveHome(), scope }).list());
  const unit = units.find((status) => status.profile === profile);
  if (unit === undefined || (unit.pid === null && !unit.enabled)) return;
  const found = unit.pid === null ? 'is started at each boot' : 'runs';
  throw new StartupError(`${gatewayUnit(profile)} ${found}: stop it first: ${serviceCommand('stop', profile)}`);
}
