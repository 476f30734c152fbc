import { lstatSync } from 'node:fs';
import {
  DEFAULT_PROFILE,
  desiredStatePath,
  inspectProfiles,
  lookAtRestartPolicy,
  readDesiredState,
} from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';
import { MAX_SUPERVISED_NAME_LENGTH } from '../slot/name.ts';
import { isMultiplexed } from './multiplexed.ts';
import type { DesiredStateSnapshot, ProfileSnapshot, Snapshot } from './snapshot.ts';
import { stopSecondsOf } from './stop-seconds.ts';

/**
 * Looks at every profile of the root home, `default` first, the others by name. What is in the place of a profile but
 * cannot be one is reported with the reason. Never throws, never follows a link below the home.
 */
export function readHome(root: string): Snapshot[] {
  const multiplexed = isMultiplexed(root);
  return inspectProfiles({ home: root }).map((found) => {
    if (found.home === undefined) return { kind: 'unusable', name: found.name, reason: found.reason };
    if (found.name.length <= MAX_SUPERVISED_NAME_LENGTH) return readProfile(found.name, found.home, multiplexed);
    const reason = `name too long for a service: at most ${MAX_SUPERVISED_NAME_LENGTH}`;
    return { kind: 'unusable', name: found.name, reason };
  });
}

/** Looks at one profile of a root home. @param multiplexed whether the root gateway serves all profiles. Never throws. */
export function readProfile(name: string, home: string, multiplexed: boolean): ProfileSnapshot {
  const { view: state, priorExit, problem } = lookAtRestartPolicy({ home });
  return {
    kind: 'profile',
    name,
    home,
    desired: readDesired(home),
    observedState: state?.gateway_state ?? undefined,
    legacyDesired: state?.desired_state ?? undefined,
    stopSeconds: stopSecondsOf(state),
    ...(problem === undefined ? {} : { stateProblem: problem }),
    ...(priorExit === null ? {} : { priorExit }),
    ...(multiplexed && name !== DEFAULT_PROFILE ? { isServedByRoot: true } : {}),
  };
}

function readDesired(home: string): DesiredStateSnapshot {
  // Often there is none, and a failed call takes several times as long.
  if (!mayBeThere(desiredStatePath({ home }))) return undefined;
  return readDesiredState({ home })?.desired_state ?? 'unclear';
}

/** Whether something is at `path`, or it cannot be determined. */
function mayBeThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return errnoOf(error) !== 'ENOTDIR';
  }
}
