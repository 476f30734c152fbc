import { join } from 'node:path';
import { slotError } from '../errors.ts';
import { buildSlot, makeFifos } from '../slot/build.ts';
import { publishSlot, refreshSlot } from '../slot/publish.ts';
import { removeTree } from '../slot/remove.ts';
import type { Workshop } from '../slot/workshop.ts';
import type { User } from '../user.ts';
import type { PublishStep, Step } from './plan.ts';

/**
 * Carries out `steps`. All slots are built before the first one is published, so that one process makes all their
 * FIFOs. A step that fails becomes a skipped one with the reason, and the others go on.
 * @returns the steps as they went.
 */
export function applySteps(steps: readonly Step[], workshop: Workshop, user: User | undefined): Step[] {
  const built = steps.map((step) => (isPublish(step) ? attempt(step, () => build(step, workshop, user)) : step));
  makeFifos(
    built.filter(isPublish).map((step) => workshop.building(step.slot)),
    user,
  );
  return built.map((step) => {
    if (isPublish(step)) return attempt(step, () => publishSlot(workshop, step.slot));
    if (step.action === 'kept') return attempt(step, () => refreshSlot(join(workshop.scandir, step.slot), step.files));
    return step;
  });
}

function isPublish(step: Step): step is PublishStep {
  return step.action === 'started' || step.action === 'registered';
}

function build(step: PublishStep, workshop: Workshop, user: User | undefined): void {
  const path = workshop.building(step.slot);
  removeTree(path);
  buildSlot(path, step.files, step.action === 'started', user);
}

function attempt(step: Step, task: () => unknown): Step {
  try {
    task();
    return step;
  } catch (error) {
    const { profile, priorState } = step;
    return { action: 'skipped', profile, priorState, reason: slotError('make its slot', error).message };
  }
}
