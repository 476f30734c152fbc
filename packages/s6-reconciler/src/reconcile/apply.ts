import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { slotError } from '../errors.ts';
import { buildSlot, makeFifos } from '../slot/build.ts';
import { slotFiles } from '../slot/definition.ts';
import { publishSlot, refreshSlot } from '../slot/publish.ts';
import { removeTree } from '../slot/remove.ts';
import { isBuiltAs } from '../slot/same.ts';
import type { StagingArea } from '../slot/staging-area.ts';
import type { User } from '../user.ts';
import type { PublishStep, RefreshStep, Step } from './plan.pure.ts';

/**
 * Carries out `steps`. All slots are built before the first one is published, so that one process makes all their
 * FIFOs. A slot that is there as it would be built stays. A step that fails becomes a skipped one with the reason, and
 * the others go on. @returns the steps as they went.
 */
export function applySteps(steps: readonly Step[], area: StagingArea, user: User | undefined): Step[] {
  const made = new Set<string>();
  const built = steps.map((step) =>
    isPublish(step) && !isThere(step, area, user)
      ? attempt(step, () => {
          buildSlot(area.stagedPath(step.slot), slotFiles(step.definition), step.action === 'started', user);
          made.add(step.slot);
        })
      : step,
  );
  makeFifos(
    [...made].map((slot) => area.stagedPath(slot)),
    user,
  );
  return built.map((step) => {
    if (isPublish(step) && made.has(step.slot)) return attempt(step, () => publishSlot(area, step.slot));
    if (step.action === 'removed') return attempt(step, () => discard(step.slot, area));
    if (step.action === 'kept') return attempt(step, () => refresh(step, area));
    return step;
  });
}

function isPublish(step: Step): step is PublishStep {
  return step.action === 'started' || step.action === 'registered';
}

function isThere(step: PublishStep, { scandir }: StagingArea, user: User | undefined): boolean {
  const { slot, definition, action } = step;
  return step.replaces && isBuiltAs(join(scandir, slot), slotFiles(definition), action === 'started', user);
}

function refresh({ slot, definition }: RefreshStep, { scandir }: StagingArea): void {
  refreshSlot(join(scandir, slot), slotFiles(definition));
}

/** By a rename first: an s6-svscan that looks meanwhile must not find half of it. */
function discard(slot: string, area: StagingArea): void {
  renameSync(join(area.scandir, slot), area.trashPath(slot));
  removeTree(area.trashPath(slot));
}

function attempt(step: Step, task: () => unknown): Step {
  try {
    task();
    return step;
  } catch (error) {
    const { profile, priorState, priorExit, desired } = step;
    const doing = step.action === 'removed' ? 'remove' : 'make';
    const { message: reason } = slotError(`${doing} its slot`, error);
    return { action: 'skipped', profile, priorState, priorExit, desired, reason };
  }
}
