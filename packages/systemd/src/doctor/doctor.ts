import { profileHome, readDesiredState, readRestartPolicyView } from '@hermes/drain-contract';
import { findUnits } from '../manager/find.ts';
import { lingers } from '../manager/linger.ts';
import { readUnits } from '../manager/supervision.ts';
import { variableOf } from '../manager/unit-properties.pure.ts';
import { examineUnit, type UnitFinding } from './examine.pure.ts';

/**
 * Checks the unit of a profile's gateway; nothing where systemd has no unit that serves this home. Changes nothing.
 * @throws ServiceError when systemd cannot be asked.
 */
export async function examineService(profile: string, home: string): Promise<UnitFinding[]> {
  const scope = findUnits();
  if (scope === undefined) return [];
  const [unit = {}] = await readUnits(scope, [profile]);
  if (unit.LoadState !== 'loaded' || variableOf(unit, 'HERMES_HOME') !== home) return [];
  const own = { home: profileHome(profile, { home }) };
  return examineUnit({
    unit,
    profile,
    stopSeconds: readRestartPolicyView(own)?.stop_timeout ?? undefined,
    desired: readDesiredState(own)?.desired_state,
    lingers: scope === 'user' ? lingers() : undefined,
  });
}
