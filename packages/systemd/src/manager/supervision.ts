import {
  DEFAULT_PROFILE,
  isProfileName,
  listProfiles,
  profileHome,
  readDesiredState,
  ServiceError,
  writeDesiredState,
} from '@hermes/drain-contract';
import { systemctl, systemctlError } from '../systemctl.ts';
import { gatewayUnit, type Scope } from '../unit/definition.ts';
import { PROPERTIES, parseUnits, type UnitProperties, variableOf } from './unit-properties.pure.ts';
import { type UnitStatus, unitStatus } from './unit-status.ts';

/** Records the desired state of a profile. @throws ServiceError. */
export type RecordDesired = (profile: string, desired: 'running' | 'stopped') => Promise<void>;

/** Which gateways, in which manager, with all defaults applied. */
export interface UnitSupervision {
  /** Absolute path of the root home. */
  readonly home: string;
  readonly scope: Scope;
  readonly record: RecordDesired;
  readonly startTimeoutMs: number;
}

/** How `hermes-gateway service` names the manager. */
export function scopeOption(scope: Scope): string {
  return scope === 'user' ? ' --user' : '';
}

/** The properties of the units of these profiles, in their order. @throws ServiceError. */
export async function readUnits(scope: Scope, profiles: readonly string[]): Promise<UnitProperties[]> {
  if (profiles.length === 0) return [];
  const units = profiles.map(gatewayUnit);
  const result = await systemctl(scope, ['show', `--property=${PROPERTIES.join(',')}`, '--', ...units]);
  if (result.code !== 0) throw systemctlError('read the status of the gateways', result);
  const found = new Map(parseUnits(result.stdout).map((unit) => [unit.Id, unit]));
  return units.map((unit) => found.get(unit) ?? {});
}

/** @throws ServiceError `not_registered` when there is no unit for it, or that serves another home. */
export async function requireUnit({ scope, home }: UnitSupervision, profile: string): Promise<UnitProperties> {
  if (!isProfileName(profile)) {
    throw new ServiceError('invalid_argument', `bad profile name ${JSON.stringify(profile.slice(0, 60))}`);
  }
  const [unit = {}] = await readUnits(scope, [profile]);
  if (unit.LoadState === 'masked')
    throw new ServiceError(
      'misconfigured',
      `${gatewayUnit(profile)} is masked: systemctl unmask ${gatewayUnit(profile)}`,
    );
  if (unit.LoadState !== 'loaded') {
    throw new ServiceError(
      'not_registered',
      `there is no unit ${gatewayUnit(profile)}: hermes-gateway service install${scopeOption(scope)}`,
    );
  }
  const served = variableOf(unit, 'HERMES_HOME');
  if (served === home) return unit;
  throw new ServiceError(
    'not_registered',
    `${gatewayUnit(profile)} serves the home ${served ?? 'of its user'}, not ${home}: name that one in HERMES_HOME`,
  );
}

/** The home that the installed units serve; `undefined` when there are none, or they do not say it. @throws ServiceError. */
export async function installedHome(scope: Scope): Promise<string | undefined> {
  const [unit = {}] = await readUnits(scope, [DEFAULT_PROFILE]);
  return unit.LoadState === 'loaded' ? variableOf(unit, 'HERMES_HOME') : undefined;
}

/** @throws ServiceError. */
export async function readStatus(supervision: UnitSupervision, profile: string): Promise<UnitStatus> {
  return statusOf(supervision, profile, await requireUnit(supervision, profile));
}

/** The service of every profile of the home, by name. Profiles whose units serve another home are left out. @throws ServiceError. */
export async function listStatuses(supervision: UnitSupervision): Promise<UnitStatus[]> {
  const { home, scope } = supervision;
  const profiles = listProfiles({ home }).map(({ name }) => name);
  const units = await readUnits(scope, profiles);
  return profiles
    .map((profile, index) => ({ profile, unit: units[index] ?? {} }))
    .filter(({ unit }) => unit.LoadState === 'loaded' && variableOf(unit, 'HERMES_HOME') === home)
    .map(({ profile, unit }) => statusOf(supervision, profile, unit));
}

function statusOf({ home }: UnitSupervision, profile: string, unit: UnitProperties): UnitStatus {
  const desired = readDesiredState({ home: profileHome(profile, { home }) })?.desired_state;
  return unitStatus(profile, unit, desired, Number(process.hrtime.bigint() / 1_000n));
}

/** Records the desired state as this user. */
export function recordInProcess(home: string): RecordDesired {
  return async (profile, desired) => {
    try {
      await writeDesiredState(desired, { home: profileHome(profile, { home }) });
    } catch (cause) {
      const { code, message } = cause as { code?: string; message: string };
      const kind = code === 'not_writable' ? 'not_permitted' : 'failed';
      throw new ServiceError(kind, `gateway '${profile}' is left as it is: ${message}`, { cause });
    }
  };
}
