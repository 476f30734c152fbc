import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DEFAULT_PROFILE,
  fileError,
  findProfile,
  isMountPoint,
  JOURNAL_FILENAME,
  observeGateway,
  type Profile,
  shellLine,
} from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { lockHome } from '../home-lock.ts';
import { openTurnReader } from '../journal/open-turn-reader.ts';
import { NoTurnsError, type TurnReader } from '../journal/turn-reader.ts';

/** The profile called `name`, if it may be deleted. @throws StartupError or ContractError. */
export function removableProfile(name: string): Profile {
  if (name !== DEFAULT_PROFILE) return findProfile(name);
  throw new StartupError(
    `"${DEFAULT_PROFILE}" is the home itself, which contains all profiles, and cannot be deleted: choose another profile`,
  );
}

/**
 * @throws StartupError when turns are in flight, or their number is unknown, or accepted messages have no answer yet.
 */
export async function requireIdle({ name, home }: Profile): Promise<void> {
  const { live, state } = observeGateway({ home });
  const unanswered = live ? 0 : await countUnanswered(home);
  if (unanswered > 0) {
    const messages = unanswered === 1 ? 'an accepted message' : `${unanswered} accepted messages`;
    throw new StartupError(`${name} has ${messages} without an answer: start its gateway, or delete them with --force`);
  }
  if (!live || state?.active_agents === 0) return;
  const count = state?.active_agents;
  const turns = count === 1 ? 'a turn' : `${count ?? 'an unknown number of'} turns`;
  throw new StartupError(`${name} has ${turns} in flight: drain it first, or interrupt them with --force`);
}

/** The data that is lost with a profile, for the confirmation prompt. */
export function whatIsLost({ home }: Profile): string {
  const size = statSync(join(home, JOURNAL_FILENAME), { throwIfNoEntry: false })?.size;
  const journal = size === undefined ? 'no journal' : `a journal of ${Math.ceil(size / 1024)} KiB`;
  return `${home}, with its configuration and ${journal}`;
}

/**
 * Deletes a profile that no gateway serves: renames it to a trash directory, then removes that. Links are removed, not
 * followed.
 * @throws StartupError when a gateway serves it, ContractError.
 */
export function removeProfile({ home }: Profile): void {
  const aside = moveAside(home);
  try {
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(
      `the profile ${home} is deleted, but its remaining files cannot be removed (${code}); remove them: rm -rf ${shellLine([aside])}`,
    );
  }
}

/** @throws StartupError when a gateway serves the home, ContractError. */
export function requireUnserved({ home }: Profile): void {
  lockHome(home)[Symbol.dispose]();
}

function moveAside(home: string): string {
  using _lock = lockHome(home);
  if (isMountPoint(home)) {
    throw new StartupError(
      `cannot remove ${home}: a volume is mounted there; unmount it first, then delete the profile`,
    );
  }
  let aside: string | undefined;
  try {
    // In the same directory, since the profiles may be on their own volume.
    aside = mkdtempSync(join(dirname(home), '.deleted-profile-'));
    renameSync(home, join(aside, 'home'));
    return aside;
  } catch (error) {
    if (aside) rmSync(aside, { recursive: true, force: true });
    throw fileError('remove', home, error);
  }
}

/** Turns in the journal that have not ended. @throws StartupError when it cannot be read. */
export async function countUnanswered(home: string): Promise<number> {
  const reader = findTurnReader(home);
  try {
    return (await reader?.countUnfinished()) ?? 0;
  } finally {
    await reader?.close();
  }
}

function findTurnReader(home: string): TurnReader | undefined {
  try {
    return openTurnReader(home);
  } catch (error) {
    if (error instanceof NoTurnsError) return undefined;
    throw error;
  }
}
