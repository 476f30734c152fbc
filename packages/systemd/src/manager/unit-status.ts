import { constants } from 'node:os';
import type { ServiceState, ServiceStatus } from '@hermes/drain-contract';
import type { UnitProperties } from './unit-properties.pure.ts';

/** `ExecMainCode` of a process that has exited by itself, see waitid(2); other values are signals. */
const EXITED = '1';

/** A gateway's service as systemd has it. */
export interface UnitStatus extends ServiceStatus {
  /** Name of the unit. */
  readonly unit: string;
  /** Whether a boot starts it. */
  readonly enabled: boolean;
}

/** The state of a unit whose operator wants it `desired`, as far as that is known. */
export function unitState(unit: UnitProperties, desired: 'running' | 'stopped' | undefined): ServiceState {
  if (unit.LoadState !== 'loaded') return 'not-registered';
  switch (unit.ActiveState) {
    case 'active':
    case 'reloading':
      return 'running';
    case 'activating':
      return 'starting';
    case 'deactivating':
      return 'stopping';
    case 'failed':
      return desired === 'stopped' ? 'stopped' : 'failed';
    default:
      return 'stopped';
  }
}

/** @param now microseconds of the monotonic clock, which systemd uses, too */
export function unitStatus(
  profile: string,
  unit: UnitProperties,
  desired: 'running' | 'stopped' | undefined,
  now: number,
): UnitStatus {
  const state = unitState(unit, desired);
  const pid = Number(unit.MainPID ?? 0) || null;
  const hasEnded = pid === null && Number(unit.ExecMainExitTimestampMonotonic ?? 0) > 0;
  const status = Number(unit.ExecMainStatus ?? 0);
  const isExit = unit.ExecMainCode === EXITED;
  const since = Number(
    (pid === null ? unit.ExecMainExitTimestampMonotonic : unit.ExecMainStartTimestampMonotonic) ?? 0,
  );
  return {
    profile,
    unit: unit.Id ?? '',
    enabled: unit.UnitFileState === 'enabled',
    state,
    ready: state === 'running',
    pid,
    exit_code: hasEnded && isExit ? status : null,
    signal: hasEnded && !isExit ? signalName(status) : null,
    seconds: since > 0 ? Math.max(0, Math.floor((now - since) / 1e6)) : 0,
  };
}

function signalName(number: number): string {
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name ?? String(number);
}
