import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileHome, readRestartPolicyView } from '@hermes/drain-contract';
import { errnoOf, slotError } from '../errors.ts';
import { MAX_KILL_SECONDS, stopSecondsOf } from '../reconcile/stop-seconds.ts';
import { timeoutKillFile } from '../slot/definition.ts';
import { refreshSlot, setDown } from '../slot/publish.ts';
import { asUser } from '../user.ts';
import type { Supervision } from './supervision.ts';

/** A stop has ended when the finish script has, too, and that may take so long besides the gateway's own time. */
const FINISH_MARGIN_MS = 10_000;

/** Without a `timeout-kill`, a gateway is never killed; a wait for it still ends. */
const DEFAULT_STOP_MS = 60_000;

/** A supervisor that is killed and started again goes by the `down` file. Skipped if this user may not write the slot. */
export function keepAfterRespawn(slot: string, state: 'up' | 'down'): void {
  ifPermitted(`write ${join(slot, 'down')}`, () => setDown(slot, state === 'down'));
}

/** The gateway may give its turns more time by now than when its slot was made. Skipped if this user may not write the slot. */
export function refreshStopTimeout({ home, user }: Supervision, profile: string, slot: string): void {
  const own = profileHome(profile, { home });
  const stopSeconds = stopSecondsOf(asUser(user, () => readRestartPolicyView({ home: own })));
  if (stopSeconds === undefined) return;
  const files = new Map([['timeout-kill', timeoutKillFile(stopSeconds)]]);
  ifPermitted(`write ${join(slot, 'timeout-kill')}`, () => refreshSlot(slot, files));
}

/** Whether s6-supervise remembers deaths of the gateway. */
export function hasDied(slot: string): boolean {
  return (lstatSync(join(slot, 'supervise/death_tally'), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** How long a stop may take, in ms: the time until the gateway is killed, then that of the finish script. */
export function stopTimeoutMs(slot: string): number {
  try {
    const timeoutKill = Number.parseInt(readFileSync(join(slot, 'timeout-kill'), 'utf8'), 10);
    // A file that others can write may say more, and a wait that is longer than a timer can be would end at once.
    const bounded = Math.min(timeoutKill, MAX_KILL_SECONDS * 1_000);
    return (timeoutKill > 0 ? bounded : DEFAULT_STOP_MS) + FINISH_MARGIN_MS;
  } catch {
    return DEFAULT_STOP_MS + FINISH_MARGIN_MS;
  }
}

function ifPermitted(action: string, task: () => void): void {
  try {
    task();
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw slotError(action, error);
  }
}
