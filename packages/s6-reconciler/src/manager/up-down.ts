import { ServiceError, type ServiceErrorKind, writeDesiredState } from '@hermes/drain-contract';
import { requirePrograms } from '../mounts/noexec.ts';
import type { SupervisedStatus } from '../s6/status.ts';
import { runTool, toolFailure } from '../s6/tools.ts';
import { isSupervised } from '../slot/probe.ts';
import { asUserAsync } from '../user.ts';
import type { SlotStatus } from './slot-status.ts';
import { readSlotStatus, readSupervised } from './status.ts';
import { requireProfile, requireSupervised, type Supervision, supervisorEnded } from './supervision.ts';
import { hasDied, keepAfterRespawn, refreshStopTimeout, stopTimeoutMs } from './upkeep.ts';
import { waitFor } from './wait.ts';

/** Starts the gateway and waits until it is ready. @throws ServiceError. */
export async function startSlot(supervision: Supervision, profile: string): Promise<SlotStatus> {
  const slot = requireSupervised(supervision, profile);
  await recordDesiredState(supervision, profile, 'running');
  return bringUp(supervision, profile, slot);
}

/** Stops the gateway and waits until it is down. @throws ServiceError. */
export async function stopSlot(supervision: Supervision, profile: string): Promise<SlotStatus> {
  const slot = requireSupervised(supervision, profile);
  await recordDesiredState(supervision, profile, 'stopped');
  await bringDown(supervision, profile, slot);
  return readSlotStatus(supervision, profile);
}

/** Stops the gateway within its time and starts it again: a restart by signal would never be cut short. @throws ServiceError. */
export async function restartSlot(supervision: Supervision, profile: string): Promise<SlotStatus> {
  const slot = requireSupervised(supervision, profile);
  // A stopped gateway could not be started again.
  requirePrograms(slot, `restart gateway '${profile}'`);
  await recordDesiredState(supervision, profile, 'running');
  await bringDown(supervision, profile, slot);
  return bringUp(supervision, profile, slot);
}

/** Records the desired state before the change, so that a crash in between leads to it. @throws ServiceError. */
export async function recordDesiredState(
  supervision: Supervision,
  profile: string,
  desired: 'running' | 'stopped',
): Promise<void> {
  const { home } = requireProfile(supervision, profile);
  try {
    await asUserAsync(supervision.user, () => writeDesiredState(desired, { home }));
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw new ServiceError(RECORD_ERRORS[code ?? ''] ?? 'failed', `gateway '${profile}' is left as it is: ${message}`, {
      cause,
    });
  }
}

const RECORD_ERRORS: Readonly<Record<string, ServiceErrorKind>> = {
  not_writable: 'not_permitted',
  mount_point: 'misconfigured',
};

/** Has the supervisor start the gateway and waits until it is ready. @throws ServiceError. */
async function bringUp(supervision: Supervision, profile: string, slot: string): Promise<SlotStatus> {
  const before = await readSupervised(supervision, slot);
  if (!before?.up) requirePrograms(slot, `start gateway '${profile}'`);
  keepAfterRespawn(slot, 'up');
  // Resets the crash loop: the recorded crashes would make the slot fail again at the next one.
  if (before && !before.wantedUp && hasDied(slot)) await runTool('s6-svdt-clear', [slot], supervision);
  await command(supervision, profile, slot, '-u');
  const timeoutMs = supervision.startTimeoutMs;
  const result = await waitFor(supervision, slot, { event: '-U', timeoutMs, met: isReady, lost: isGivenUp });
  const status = await readSlotStatus(supervision, profile);
  if (result === 'met') return status;
  const gateway = `gateway '${profile}'`;
  if (result === 'timeout') {
    throw new ServiceError(
      'timeout',
      `${gateway} is not ready after ${timeoutMs / 1000} s and keeps starting; see its log`,
    );
  }
  if (status.state !== 'failed')
    throw new ServiceError('overruled', `${gateway} was stopped by another command meanwhile`);
  throw new ServiceError(
    'start_failed',
    `${gateway} has failed permanently: ${tellEnd(status)}; see its log, correct the cause, and start it again`,
  );
}

/** Has the supervisor stop the gateway and waits until it is down. @throws ServiceError. */
export async function bringDown(supervision: Supervision, profile: string, slot: string): Promise<void> {
  keepAfterRespawn(slot, 'down');
  refreshStopTimeout(supervision, profile, slot);
  await command(supervision, profile, slot, '-d');
  const timeoutMs = stopTimeoutMs(slot);
  const result = await waitFor(supervision, slot, { event: '-D', timeoutMs, met: isDown, lost: isWantedUp });
  if (result === 'lost')
    throw new ServiceError('overruled', `gateway '${profile}' was started by another command meanwhile`);
  if (result === 'timeout') {
    throw new ServiceError(
      'timeout',
      `gateway '${profile}' is not down after ${timeoutMs / 1000} s; to kill it, run: s6-svc -k ${slot}`,
    );
  }
}

function isReady(status: SupervisedStatus): boolean {
  return status.up && status.ready && status.wantedUp;
}

function isGivenUp(status: SupervisedStatus): boolean {
  return !status.wantedUp;
}

function isDown(status: SupervisedStatus): boolean {
  return !status.up && !status.wantedUp;
}

function isWantedUp(status: SupervisedStatus): boolean {
  return status.wantedUp;
}

async function command(supervision: Supervision, profile: string, slot: string, what: '-u' | '-d'): Promise<void> {
  const result = await runTool('s6-svc', [what, slot], supervision);
  if (result.status === 0) return;
  if (!isSupervised(slot)) throw supervisorEnded(slot);
  throw toolFailure(`${what === '-u' ? 'start' : 'stop'} gateway '${profile}'`, result);
}

function tellEnd({ exit_code: code, signal }: SlotStatus): string {
  return signal === null ? `exit status ${code ?? 'unknown'}` : `killed by ${signal}`;
}
