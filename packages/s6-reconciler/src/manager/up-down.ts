import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeDesiredState } from '@hermes/drain-contract';
import { errnoOf, S6Error, slotError } from '../errors.ts';
import type { SupervisedStatus } from '../s6/status.ts';
import { runTool, toolFailure } from '../s6/tools.ts';
import { setDown } from '../slot/publish.ts';
import { asUserAsync } from '../user.ts';
import type { SlotStatus } from './slot-status.ts';
import { readSlotStatus, readSupervised } from './status.ts';
import { requireProfile, requireSupervised, type Supervision } from './supervision.ts';

/** How long one wait lasts before the slot is looked at again: somebody else may have asked for the opposite. */
const WAIT_SLICE_MS = 500;

/** s6-svwait cannot do with less. */
const MIN_WAIT_MS = 100;

/** A stop has ended when the finish script has, too, and that may take so long besides the gateway's own time. */
const FINISH_MARGIN_MS = 10_000;

/** Without a `timeout-kill`, a gateway is never killed; a wait for it still ends. */
const DEFAULT_STOP_MS = 60_000;

/** Starts the gateway and waits until it is ready. @throws S6Error. */
export async function startSlot(supervision: Supervision, profile: string): Promise<SlotStatus> {
  const slot = requireSupervised(supervision, profile);
  await intend(supervision, profile, 'running');
  return bringUp(supervision, profile, slot);
}

/** Stops the gateway and waits until it is down. @throws S6Error. */
export async function stopSlot(supervision: Supervision, profile: string): Promise<SlotStatus> {
  const slot = requireSupervised(supervision, profile);
  await intend(supervision, profile, 'stopped');
  await bringDown(supervision, profile, slot);
  return readSlotStatus(supervision, profile);
}

/** Stops the gateway within its time and starts it again: a restart by signal would never be cut short. @throws S6Error. */
export async function restartSlot(supervision: Supervision, profile: string): Promise<SlotStatus> {
  const slot = requireSupervised(supervision, profile);
  await intend(supervision, profile, 'running');
  await bringDown(supervision, profile, slot);
  return bringUp(supervision, profile, slot);
}

/** Remembers what the operator wants before it is done, so that a crash in between ends in it. */
export async function intend(supervision: Supervision, profile: string, intent: 'running' | 'stopped'): Promise<void> {
  const { home } = requireProfile(supervision, profile);
  try {
    await asUserAsync(supervision.user, () => writeDesiredState(intent, { home }));
  } catch (error) {
    throw new S6Error(
      (error as { code?: string }).code === 'not_writable' ? 'not_permitted' : 'failed',
      `gateway '${profile}' is left as it is: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

async function bringUp(supervision: Supervision, profile: string, slot: string): Promise<SlotStatus> {
  keepAfterRespawn(slot, 'up');
  const before = await readSupervised(supervision, slot);
  // A crash loop is forgiven: the deaths that parked it would park it again at the next one.
  if (before && !before.up && !before.wantedUp) await runTool('s6-svdt-clear', [slot], supervision);
  await command(supervision, profile, slot, '-u');
  const status = await waitFor(supervision, slot, {
    event: '-U',
    timeoutMs: supervision.startTimeoutMs,
    met: isReady,
    lost: isGivenUp,
  });
  if (status.met) return readSlotStatus(supervision, profile);
  if (!status.lost) {
    throw new S6Error(
      'timeout',
      `gateway '${profile}' is not ready after ${supervision.startTimeoutMs / 1000} s, and goes on trying; see its log`,
    );
  }
  const now = await readSlotStatus(supervision, profile);
  if (now.state !== 'parked')
    throw new S6Error('overruled', `gateway '${profile}' was stopped by somebody else meanwhile`);
  throw new S6Error(
    'parked',
    `gateway '${profile}' gave up: ${tellEnd(now)}; see its log, mend the cause, and start it again`,
  );
}

/** Has the supervisor stop the gateway and waits until it is down. */
export async function bringDown(supervision: Supervision, profile: string, slot: string): Promise<void> {
  keepAfterRespawn(slot, 'down');
  await command(supervision, profile, slot, '-d');
  const timeoutMs = stopTimeoutMs(slot);
  const status = await waitFor(supervision, slot, { event: '-D', timeoutMs, met: isDown, lost: isWantedUp });
  if (status.met) return;
  if (status.lost) throw new S6Error('overruled', `gateway '${profile}' was started by somebody else meanwhile`);
  throw new S6Error(
    'timeout',
    `gateway '${profile}' is not down after ${timeoutMs / 1000} s; s6-svc -k ${slot} kills it`,
  );
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
  const told = await runTool('s6-svc', [what, slot], supervision);
  if (told.status !== 0) throw toolFailure(`${what === '-u' ? 'start' : 'stop'} gateway '${profile}'`, told);
}

interface Wait {
  /** What s6-svwait waits for. */
  readonly event: '-U' | '-D';
  readonly timeoutMs: number;
  readonly met: (status: SupervisedStatus) => boolean;
  /** Whether it can no longer come. */
  readonly lost: (status: SupervisedStatus) => boolean;
}

async function waitFor(supervision: Supervision, slot: string, { event, timeoutMs, met, lost }: Wait) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const patienceMs = Math.ceil(Math.max(MIN_WAIT_MS, Math.min(WAIT_SLICE_MS, deadline - performance.now())));
    await runTool('s6-svwait', [event, '-t', String(patienceMs), slot], { ...supervision, patienceMs });
    const status = await readSupervised(supervision, slot);
    if (status === undefined) throw new S6Error('no_supervisor', `the supervisor of ${slot} has ended meanwhile`);
    if (met(status)) return { met: true, lost: false };
    if (lost(status)) return { met: false, lost: true };
    if (performance.now() > deadline) return { met: false, lost: false };
    // s6-svwait comes back at once if what it waits for was so for a moment.
    await delay(1);
  }
}

/** Its own time, then that of the finish script. */
function stopTimeoutMs(slot: string): number {
  try {
    const timeoutKill = Number.parseInt(readFileSync(join(slot, 'timeout-kill'), 'utf8'), 10);
    return (timeoutKill > 0 ? timeoutKill : DEFAULT_STOP_MS) + FINISH_MARGIN_MS;
  } catch {
    return DEFAULT_STOP_MS + FINISH_MARGIN_MS;
  }
}

/** A supervisor that is killed and started again goes by the `down` file. Who may not write the slot does without. */
function keepAfterRespawn(slot: string, state: 'up' | 'down'): void {
  try {
    setDown(slot, state === 'down');
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM')
      throw slotError(`write ${join(slot, 'down')}`, error);
  }
}

function tellEnd({ exit_code: code, signal }: SlotStatus): string {
  return signal === null ? `exit status ${code ?? 'unknown'}` : `killed by ${signal}`;
}
