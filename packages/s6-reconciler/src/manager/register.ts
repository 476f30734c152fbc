import {
  type Profile,
  type RegisterOptions,
  readRestartPolicyView,
  ServiceError,
  shellLine,
} from '@hermes/drain-contract';
import { slotError } from '../errors.ts';
import { requirePrograms } from '../mounts/noexec.ts';
import { defineSlot } from '../reconcile/define-slot.ts';
import { readScandir } from '../reconcile/read-scandir.ts';
import { stopSecondsOf } from '../reconcile/stop-seconds.ts';
import { clearStagingArea } from '../s6/clear-staging-area.ts';
import { awaitSupervised } from '../s6/presence.ts';
import { rescan } from '../s6/tools.ts';
import { buildSlot, makeFifos } from '../slot/build.ts';
import { slotFiles } from '../slot/definition.ts';
import { slotName } from '../slot/name.ts';
import { isOfReferenceSystem } from '../slot/owner.ts';
import { isSupervised } from '../slot/probe.ts';
import { publishSlot, refreshSlot } from '../slot/publish.ts';
import { StagingArea } from '../slot/staging-area.ts';
import { asUser } from '../user.ts';
import { pasteable } from './paste.ts';
import type { SlotStatus } from './slot-status.ts';
import { readSlotStatus } from './status.ts';
import { requireOwn, requireProfile, requireScanned, type Supervision, slotPath } from './supervision.ts';
import { removeSlot } from './unregister.ts';
import { startSlot } from './up-down.ts';

/** Timeout for s6-svscan to supervise a new slot. */
const SUPERVISED_TIMEOUT_MS = 5_000;

/**
 * Makes the slot of a profile, or brings it up to date, and waits until it is supervised. When that does not happen,
 * the slot is removed again. @throws ServiceError.
 */
export async function registerSlot(
  supervision: Supervision,
  profile: string,
  { start = true }: RegisterOptions = {},
): Promise<SlotStatus> {
  requireScanned(supervision);
  if (!isSupervised(slotPath(supervision, profile))) requirePrograms(supervision.scandir, `register '${profile}'`);
  await publish(supervision, profile, async (area, slot) => {
    try {
      await rescan(supervision.scandir);
      await awaitSupervised(slot, SUPERVISED_TIMEOUT_MS);
    } catch (error) {
      await removeSlot(area, profile, pasteable(supervision, 'reconcile'));
      throw isTimeout(error) ? notTakenUp(supervision, profile) : error;
    }
  });
  return start ? startSlot(supervision, profile) : readSlotStatus(supervision, profile);
}

/** Makes the slot of a profile, down, for an s6-svscan to find. @throws ServiceError. */
export async function createSlot(supervision: Supervision, profile: string): Promise<SlotStatus> {
  await publish(supervision, profile, async () => undefined);
  return readSlotStatus(supervision, profile);
}

async function publish(
  supervision: Supervision,
  profile: string,
  afterwards: (area: StagingArea, slot: string) => Promise<void>,
): Promise<void> {
  const slot = slotPath(supervision, profile);
  const files = filesOf(supervision, requireProfile(supervision, profile));
  using area = await StagingArea.open(supervision.scandir);
  await clearStagingArea(area);
  try {
    requireOwn(supervision, profile, slot);
    if (isSupervised(slot) && isOfReferenceSystem(slot)) await removeReferenceSlot(supervision, profile, slot, area);
    else if (isSupervised(slot)) {
      refreshSlot(slot, files);
      return;
    }
    const staged = area.stagedPath(slotName(profile));
    buildSlot(staged, files, false, supervision.user);
    makeFifos([staged], supervision.user);
    publishSlot(area, slotName(profile));
  } catch (error) {
    throw slotError(`make the slot of '${profile}'`, error);
  }
  await afterwards(area, slot);
}

/** What its supervisor knows of it, a logger and the descriptor for readiness, cannot be changed under it. */
async function removeReferenceSlot(
  supervision: Supervision,
  profile: string,
  slot: string,
  area: StagingArea,
): Promise<void> {
  if ((await readSlotStatus(supervision, profile)).pid !== null) {
    throw new ServiceError(
      'failed',
      `a gateway of the reference system runs in ${slot}: drain it, and stop it first: ${shellLine(['s6-svc', '-wD', '-d', slot])}`,
    );
  }
  await removeSlot(area, profile, pasteable(supervision, 'register', profile));
}

function filesOf({ home: rootHome, command, user }: Supervision, profile: Profile) {
  const state = asUser(user, () => readRestartPolicyView({ home: profile.home }));
  return slotFiles(defineSlot(profile, stopSecondsOf(state), { rootHome, command, user }));
}

function isTimeout(error: unknown): boolean {
  return error instanceof ServiceError && error.kind === 'timeout';
}

/** s6-svscan reports the reason only on its own standard error. */
function notTakenUp({ home, scandir }: Supervision, profile: string): ServiceError {
  const { slots, others } = readScandir(scandir, home);
  return new ServiceError(
    'limit',
    `gateway '${profile}' is not registered: s6-svscan did not start its supervisor within ${SUPERVISED_TIMEOUT_MS / 1000} s. It supervises ${slots.size + others} services in ${scandir}; if that is its limit (500, unless started with -c), start it with a larger one`,
  );
}
