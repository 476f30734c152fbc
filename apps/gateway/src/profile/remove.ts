import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_PROFILE,
  fileError,
  findProfile,
  observeGateway,
  type Profile,
  resolveHome,
} from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { lockHome } from '../home-lock.ts';
import { JOURNAL_FILENAME } from '../journal/records.ts';

/** The profile called `name`, which may be removed. @throws StartupError or ContractError. */
export function removableProfile(name: string): Profile {
  if (name !== DEFAULT_PROFILE) return findProfile(name);
  throw new StartupError(`"${DEFAULT_PROFILE}" is the home itself, which holds all profiles: it is not deleted`);
}

/** @throws StartupError when turns are in flight, or it cannot be told. */
export function requireIdle({ name, home }: Profile): void {
  const { live, state } = observeGateway({ home });
  if (!live || state?.active_agents === 0) return;
  const count = state?.active_agents;
  const turns = count === 1 ? 'a turn' : `${count ?? 'an unknown number of'} turns`;
  throw new StartupError(`${name} has ${turns} in flight: drain it first, or cut off what runs with --force`);
}

/** What is lost with a profile, for a person who is asked. */
export function whatIsLost({ home }: Profile): string {
  const size = statSync(join(home, JOURNAL_FILENAME), { throwIfNoEntry: false })?.size;
  const journal = size === undefined ? 'no journal' : `a journal of ${Math.ceil(size / 1024)} KiB`;
  return `${home}, with its configuration and ${journal}`;
}

/**
 * Removes a profile that no gateway serves: out of sight by one rename, then for good. Links are removed, not followed.
 * @throws StartupError when a gateway serves it, ContractError.
 */
export function removeProfile({ home }: Profile): void {
  const lock = lockHome(home);
  try {
    const aside = mkdtempSync(join(resolveHome(), '.deleted-profile-'));
    renameSync(home, join(aside, 'home'));
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    throw fileError('remove', home, error);
  } finally {
    lock[Symbol.dispose]();
  }
}
