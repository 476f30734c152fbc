import { type RegisterOptions, resolveHome, type ServiceManager } from '@hermes/drain-contract';
import type { Scope } from '../unit/definition.ts';
import { listStatuses, type RecordDesired, readStatus, recordInProcess, type UnitSupervision } from './supervision.ts';
import type { UnitStatus } from './unit-status.ts';
import { changeBoot, restartUnit, startUnit, stopUnit } from './up-down.ts';

export interface UnitManagerOptions {
  /** The root home. Default: `$HERMES_HOME`, else `~/.hermes`. */
  readonly home?: string | undefined;
  readonly scope: Scope;
  /** How the desired state is recorded. Default: in this process, as this user. */
  readonly record?: RecordDesired | undefined;
  /** Timeout for a gateway to become ready, in ms. */
  readonly startTimeoutMs?: number | undefined;
}

/** The service manager of gateways under systemd, whose services are instances of a template. */
export interface UnitManager extends ServiceManager {
  register(profile: string, options?: RegisterOptions): Promise<UnitStatus>;
  start(profile: string): Promise<UnitStatus>;
  stop(profile: string): Promise<UnitStatus>;
  restart(profile: string): Promise<UnitStatus>;
  status(profile: string): Promise<UnitStatus>;
  list(): Promise<UnitStatus[]>;
}

const START_TIMEOUT_MS = 90_000;

/** Changes nothing yet. */
export function createUnitManager(options: UnitManagerOptions): UnitManager {
  const home = resolveHome({ home: options.home });
  const supervision: UnitSupervision = {
    home,
    scope: options.scope,
    record: options.record ?? recordInProcess(home),
    startTimeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS,
  };
  return {
    register: async (profile, { start = true } = {}) => {
      if (start) return startUnit(supervision, profile);
      await readStatus(supervision, profile);
      await changeBoot(supervision, profile, 'enable');
      return readStatus(supervision, profile);
    },
    // The template serves every profile: a gateway that no boot starts and that is down has no service.
    unregister: async (profile) => {
      await stopUnit(supervision, profile);
    },
    start: (profile) => startUnit(supervision, profile),
    stop: (profile) => stopUnit(supervision, profile),
    restart: (profile) => restartUnit(supervision, profile),
    status: (profile) => readStatus(supervision, profile),
    list: () => listStatuses(supervision),
  };
}
