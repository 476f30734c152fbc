import { renameSync } from 'node:fs';
import { ServiceError } from '@hermes/drain-contract';
import { slotError } from '../errors.ts';
import { clearStagingArea } from '../s6/clear-staging-area.ts';
import { awaitUnsupervised } from '../s6/presence.ts';
import { rescan } from '../s6/tools.ts';
import { slotName } from '../slot/name.ts';
import { isSupervised } from '../slot/probe.ts';
import { removeTree } from '../slot/remove.ts';
import { StagingArea } from '../slot/staging-area.ts';
import { pasteable } from './paste.ts';
import { hasProfile, requireSlot, type Supervision } from './supervision.ts';
import { bringDown, recordDesiredState } from './up-down.ts';

/** How long the supervisors of a service that is down may take to end. */
const GONE_TIMEOUT_MS = 10_000;

/**
 * Stops the gateway, puts its slot aside so that s6-svscan lets go of it, waits until nothing supervises it any more, and
 * removes it: a supervisor in a directory that is gone could not be reached by anybody. The profile stays, and is meant
 * to be stopped, so that a boot does not bring its gateway back. @throws ServiceError.
 */
export async function unregisterSlot(supervision: Supervision, profile: string): Promise<void> {
  const slot = requireSlot(supervision, profile);
  // Before anything is stopped: a missing permission to remove the slot must fail here.
  using area = await StagingArea.open(supervision.scandir);
  await clearStagingArea(area);
  if (hasProfile(supervision, profile)) await recordDesiredState(supervision, profile, 'stopped');
  if (isSupervised(slot)) await bringDown(supervision, profile, slot);
  await removeSlot(area, profile, pasteable(supervision, 'reconcile'));
}

/** Removes a slot whose service is down or was never up. @throws ServiceError. */
export async function removeSlot(area: StagingArea, profile: string, retry: string): Promise<void> {
  const name = slotName(profile);
  const aside = area.trashPath(name);
  try {
    removeTree(aside);
    renameSync(`${area.scandir}/${name}`, aside);
    await rescan(area.scandir);
    await awaitUnsupervised(aside, GONE_TIMEOUT_MS);
    removeTree(aside);
  } catch (error) {
    const code = error instanceof ServiceError ? error.kind : undefined;
    if (code === 'timeout') {
      throw new ServiceError(
        'timeout',
        `gateway '${profile}' is down, but ${(error as Error).message}; to try again: ${retry}`,
      );
    }
    throw slotError(`remove the slot of '${profile}'`, error);
  }
}
