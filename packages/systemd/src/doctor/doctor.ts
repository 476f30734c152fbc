import { profileHome, readDesiredState, readRestartPolicyView } from '@hermes/drain-contract';
import { findUnits } from '../manager/find.ts';
import { lingers } from '../manager/linger.ts';
import { readUnits } from '../manager/supervision.ts';
import { type UnitProperties, variableOf } from '../manager/unit-properties.pure.ts';
import type { Scope } from '../unit/definition.ts';
import { examineUnit, type UnitFinding } from './examine.pure.ts';

/**
 * Checks the unit of a profile's gateway; nothing where systemd has no unit that serves this home. Changes nothing.
 * @throws ServiceError when systemd cannot be asked.
 */
export async function examineService(profile: string, home: string): Promise<UnitFinding[]> {
  const scope = findUnits();
  const unit = await findUnit(scope, profile, home);
  if (unit === undefined) return [];
  const own = { home: profileHome(profile, { home }) };
  return examineUnit({
    unit,
    profile,
    stopSeconds: readRestartPolicyView(own)?.stop_timeout ?? undefined,
    desired: readDesiredState(own)?.desired_state,
    lingers: scope === 'user' ? lingers() : undefined,
  });
}

/**
 * The user that the unit of a profile's gateway names; `undefined` where no unit serves this home, or its unit names none.
 * @throws ServiceError when systemd cannot be asked.
 */
export async function findServiceUser(profile: string, home: string): Promise<string | undefined> {
  return (await findUnit(findUnits(), profile, home))?.User || undefined;
}

async function findUnit(scope: Scope | undefined, profile: string, home: string): Promise<UnitProperties | undefined> {
  if (scope === undefined) return undefined;
  const [unit = {}] = await readUnits(scope, [profile]);
  return unit.LoadState === 'loaded' && variableOf(unit, 'HERMES_HOME') === home ? unit : undefined;
}
