import { profileHome, readRestartPolicyView, ServiceError } from '@hermes/drain-contract';
import { type CommandResult, systemctl, systemctlError } from '../systemctl.ts';
import { gatewayUnit } from '../unit/definition.ts';
import { readStatus, requireUnit, scopeOption, type UnitSupervision } from './supervision.ts';
import { parseSpan, type UnitProperties } from './unit-properties.pure.ts';
import type { UnitStatus } from './unit-status.ts';

/** What a stop takes at most besides the gateway's own time, in ms. */
const STOP_MARGIN_MS = 15_000;

/** Where a unit has no limit, or a gateway says more: a wait ends. */
const MAX_STOP_MS = 3_600_000;

/** Has each boot start the gateway, starts it, and waits until it is ready. @throws ServiceError. */
export async function startUnit(supervision: UnitSupervision, profile: string): Promise<UnitStatus> {
  await requireUnit(supervision, profile);
  await changeBoot(supervision, profile, 'enable');
  await supervision.record(profile, 'running');
  return bringUp(supervision, profile, 'start', supervision.startTimeoutMs);
}

/** Has no boot start the gateway, stops it, and waits until it is down. @throws ServiceError. */
export async function stopUnit(supervision: UnitSupervision, profile: string): Promise<UnitStatus> {
  const unit = await requireUnit(supervision, profile);
  await changeBoot(supervision, profile, 'disable');
  await supervision.record(profile, 'stopped');
  const result = await systemctl(supervision.scope, ['stop', gatewayUnit(profile)], stopMs(supervision, profile, unit));
  if (result.code !== 0) throw systemctlError(`stop gateway '${profile}'`, result);
  await resetFailed(supervision, profile);
  return readStatus(supervision, profile);
}

/** Stops the gateway within its time, starts it, and waits until it is ready. @throws ServiceError. */
export async function restartUnit(supervision: UnitSupervision, profile: string): Promise<UnitStatus> {
  const unit = await requireUnit(supervision, profile);
  if (unit.UnitFileState !== 'enabled') await enableIfPermitted(supervision, profile);
  await supervision.record(profile, 'running');
  const timeoutMs = stopMs(supervision, profile, unit) + supervision.startTimeoutMs;
  return bringUp(supervision, profile, 'restart', timeoutMs);
}

/** Has each boot start the gateway or not. @throws ServiceError. */
export async function changeBoot(
  { scope }: UnitSupervision,
  profile: string,
  verb: 'enable' | 'disable',
): Promise<void> {
  const result = await systemctl(scope, [verb, '--quiet', gatewayUnit(profile)]);
  if (result.code !== 0) throw systemctlError(`${verb} gateway '${profile}'`, result);
}

/** A dashboard may restart gateways, but not change what a boot starts. */
async function enableIfPermitted(supervision: UnitSupervision, profile: string): Promise<void> {
  try {
    await changeBoot(supervision, profile, 'enable');
  } catch (error) {
    if (!(error instanceof ServiceError) || error.kind !== 'not_permitted') throw error;
  }
}

async function bringUp(
  supervision: UnitSupervision,
  profile: string,
  verb: 'start' | 'restart',
  timeoutMs: number,
): Promise<UnitStatus> {
  await resetFailed(supervision, profile);
  const result = await systemctl(supervision.scope, [verb, gatewayUnit(profile)], timeoutMs);
  const status = await readStatus(supervision, profile);
  if (result.code === 0 && status.ready) return status;
  throw startError(supervision, status, verb, result);
}

/** Forgets earlier crashes, which count against the limit of starts. */
async function resetFailed({ scope }: UnitSupervision, profile: string): Promise<void> {
  await systemctl(scope, ['reset-failed', gatewayUnit(profile)]);
}

function startError(
  { scope }: UnitSupervision,
  { profile, state, exit_code: code, signal }: UnitStatus,
  verb: string,
  result: CommandResult,
): ServiceError {
  const error = systemctlError(`${verb} gateway '${profile}'`, result);
  if (error.kind !== 'failed' && error.kind !== 'timeout') return error;
  const log = `journalctl${scopeOption(scope)} -u ${gatewayUnit(profile)} -n 20`;
  if (state === 'failed') {
    const end = signal === null ? `exit status ${code ?? 'unknown'}` : `killed by ${signal}`;
    return new ServiceError('start_failed', `gateway '${profile}' has failed: ${end}; see ${log}`);
  }
  return new ServiceError('timeout', `gateway '${profile}' is not ready yet (${state}); see ${log}`);
}

function stopMs({ home }: UnitSupervision, profile: string, { TimeoutStopUSec }: UnitProperties): number {
  const own = readRestartPolicyView({ home: profileHome(profile, { home }) })?.stop_timeout ?? 0;
  const seconds = Math.max(own, parseSpan(TimeoutStopUSec) ?? 0);
  return Math.min(seconds * 1_000, MAX_STOP_MS) + STOP_MARGIN_MS;
}
