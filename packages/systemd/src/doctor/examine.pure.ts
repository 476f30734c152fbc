import { parseSpan, type UnitProperties } from '../manager/unit-properties.pure.ts';

/** A finding about a unit; `ok` is `null` where it works but may fail later. */
export interface UnitFinding {
  readonly check: string;
  readonly ok: boolean | null;
  readonly found: string;
  /** The remedy; `null` if none is needed. */
  readonly cure: string | null;
}

/** What the checks of a unit need to know. */
export interface UnitFacts {
  readonly unit: UnitProperties;
  readonly profile: string;
  /** Seconds that the gateway takes at most to stop; `undefined` if it has not published it. */
  readonly stopSeconds: number | undefined;
  readonly desired: 'running' | 'stopped' | undefined;
  /** For a unit of a user: whether its manager also runs without a session. */
  readonly lingers: boolean | undefined;
}

/** The time to notice the end of a process on a busy machine, in seconds. */
const MARGIN_SECONDS = 5;

/** Shorter than this, a busy machine looks like a gateway that hangs. */
const MIN_WATCHDOG_SECONDS = 10;

const MIN_FILES = 4_096;
const MIN_TASKS = 256;

/** Whether the settings of a unit, with its drop-ins, fit its gateway. Pure. */
export function examineUnit(facts: UnitFacts): UnitFinding[] {
  return [stopTimeout(facts), watchdog(facts), boot(facts), limits(facts), ...linger(facts)];
}

function stopTimeout({ unit, stopSeconds }: UnitFacts): UnitFinding {
  const check = 'stop timeout';
  const seconds = parseSpan(unit.TimeoutStopUSec) ?? Number.POSITIVE_INFINITY;
  const needed = stopSeconds === undefined ? undefined : Math.ceil(stopSeconds + MARGIN_SECONDS);
  const found = `TimeoutStopSec ${seconds} s, needs ${needed ?? 'an unknown number of'} s`;
  if (needed === undefined || seconds >= needed) return { check, ok: true, found, cure: null };
  if (unit.NotifyAccess === 'all')
    return { check, ok: true, found: `${found}; the gateway asks systemd for the rest`, cure: null };
  return { check, ok: false, found, cure: `NotifyAccess=all, or TimeoutStopSec=${needed}, in a drop-in` };
}

function watchdog({ unit }: UnitFacts): UnitFinding {
  const check = 'watchdog';
  const seconds = parseSpan(unit.WatchdogUSec);
  if (seconds === undefined || seconds === Number.POSITIVE_INFINITY)
    return {
      check,
      ok: null,
      found: 'off: a gateway that hangs is not restarted',
      cure: 'WatchdogSec=60 in a drop-in',
    };
  if (unit.NotifyAccess !== 'all')
    return {
      check,
      ok: false,
      found: `signs of life do not arrive (NotifyAccess=${unit.NotifyAccess ?? 'none'})`,
      cure: 'NotifyAccess=all in a drop-in',
    };
  if (seconds >= MIN_WATCHDOG_SECONDS) return { check, ok: true, found: `${seconds} s`, cure: null };
  return {
    check,
    ok: null,
    found: `${seconds} s: a busy machine looks like a gateway that hangs`,
    cure: 'WatchdogSec=60',
  };
}

function boot({ unit, desired, profile, lingers }: UnitFacts): UnitFinding {
  const check = 'boot';
  const isEnabled = unit.UnitFileState === 'enabled';
  const found = `${isEnabled ? 'started' : 'not started'} at boot, desired state ${desired ?? 'not set'}`;
  if (desired === undefined || isEnabled === (desired === 'running')) return { check, ok: true, found, cure: null };
  const verb = desired === 'running' ? 'start' : 'stop';
  return {
    check,
    ok: false,
    found,
    cure: `hermes-gateway service ${verb} ${profile}${lingers === undefined ? '' : ' --user'}`,
  };
}

function limits({ unit }: UnitFacts): UnitFinding {
  const check = 'limits';
  const files = limitOf(unit.LimitNOFILE);
  const tasks = limitOf(unit.TasksMax);
  const found = `${files} open files, ${tasks} tasks`;
  if (files >= MIN_FILES && tasks >= MIN_TASKS) return { check, ok: true, found, cure: null };
  const cure = `at least LimitNOFILE=${MIN_FILES} and TasksMax=${MIN_TASKS} in a drop-in`;
  return { check, ok: null, found, cure };
}

function limitOf(text: string | undefined): number {
  const limit = Number(text);
  return text !== undefined && Number.isFinite(limit) ? limit : Number.POSITIVE_INFINITY;
}

function linger({ lingers }: UnitFacts): UnitFinding[] {
  if (lingers === undefined) return [];
  const check = 'linger';
  if (lingers) return [{ check, ok: true, found: 'this user has a systemd without a session', cure: null }];
  const found = 'the gateway ends with the last session of this user, and no boot starts it';
  return [{ check, ok: false, found, cure: 'loginctl enable-linger' }];
}
