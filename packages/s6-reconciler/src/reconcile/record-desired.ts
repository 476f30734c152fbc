import { lstatSync } from 'node:fs';
import { desiredStatePath, writeDesiredState } from '@hermes/drain-contract';
import { slotError } from '../errors.ts';
import { asUserAsync, type User } from '../user.ts';
import type { Step } from './plan.pure.ts';

/** The maximum number of files that are synced concurrently. */
const AT_ONCE = 16;

/**
 * Writes `running` as the desired state of each profile that was started without a desired state, so that the next boot
 * decides the same, also after a stop that the operator did not ask for. Never replaces a file.
 * @returns what could not be written, and why.
 */
export async function recordDesiredStates(steps: readonly Step[], user: User | undefined): Promise<string[]> {
  const homes = steps.flatMap((step) => (step.action === 'started' && step.recordsDesired ? [step] : []));
  const warnings: string[] = [];
  await asUserAsync(user, async () => {
    for (let start = 0; start < homes.length; start += AT_ONCE) {
      const written = homes
        .slice(start, start + AT_ONCE)
        .map((step) => record(step.profile, step.definition.profileHome));
      warnings.push(...(await Promise.all(written)).filter((warning) => warning !== undefined));
    }
  });
  return warnings;
}

async function record(profile: string, home: string): Promise<string | undefined> {
  try {
    // The operator may have set a desired state since the plan was made.
    if (lstatSync(desiredStatePath({ home }), { throwIfNoEntry: false }) === undefined)
      await writeDesiredState('running', { home });
    return undefined;
  } catch (error) {
    return slotError(`record that ${profile} is to run`, error).message;
  }
}
