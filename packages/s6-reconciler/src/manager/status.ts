import { readdirSync } from 'node:fs';
import { profileHome, readDesiredState } from '@hermes/drain-contract';
import { slotError } from '../errors.ts';
import { parseStatus, STATUS_FIELDS, type SupervisedStatus } from '../s6/status.ts';
import { runTool, toolFailure } from '../s6/tools.ts';
import { isSupervisedName, profileOfSlot } from '../slot/name.ts';
import { isSupervised } from '../slot/probe.ts';
import { asUser } from '../user.ts';
import { type SlotStatus, slotState } from './slot-status.ts';
import type { StatusCache } from './status-cache.ts';
import { requireSlot, type Supervision, slotPath } from './supervision.ts';

/** @throws ServiceError. */
export async function readSlotStatus(supervision: Supervision, profile: string): Promise<SlotStatus> {
  const slot = requireSlot(supervision, profile);
  return statusOf(supervision, profile, slot, await readSupervised(supervision, slot));
}

function statusOf(
  supervision: Supervision,
  profile: string,
  slot: string,
  status: SupervisedStatus | undefined,
): SlotStatus {
  if (status === undefined) return unsupervised(profile, slot);
  const state = slotState(status, desiredStateOf(supervision, profile));
  return {
    profile,
    slot,
    supervised: true,
    state,
    ready: status.ready,
    wanted_up: status.wantedUp,
    pid: status.pid ?? null,
    exit_code: status.exitCode ?? null,
    signal: status.signal ?? null,
    seconds: status.seconds,
  };
}

/** What the supervisor of the slot at `path` says; `undefined` if there is none. @throws ServiceError. */
export async function readSupervised({ user }: Supervision, path: string): Promise<SupervisedStatus | undefined> {
  if (!isSupervised(path)) return undefined;
  const result = await runTool('s6-svstat', ['-o', STATUS_FIELDS, path], { user });
  // The supervisor may have exited since, and another command may have removed the slot.
  if (result.status === 1 || (result.status !== 0 && !isSupervised(path))) return undefined;
  const status = result.status === 0 ? parseStatus(result.stdout) : undefined;
  if (status === undefined) throw toolFailure(`read the status of ${path}`, result);
  return status;
}

/** Every slot, by name; one whose status this user may not read counts as unsupervised. @throws ServiceError. */
export async function listSlots(supervision: Supervision, cache: StatusCache): Promise<SlotStatus[]> {
  const profiles = readSlots(supervision.scandir);
  const statuses: SlotStatus[] = [];
  for (const batch of inBatches(profiles)) {
    statuses.push(...(await Promise.all(batch.map((profile) => readCached(supervision, cache, profile)))));
  }
  cache.retain(new Set(statuses.map(({ slot }) => slot)));
  return statuses;
}

async function readCached(supervision: Supervision, cache: StatusCache, profile: string): Promise<SlotStatus> {
  const slot = slotPath(supervision, profile);
  const stamp = cache.stamp(slot);
  const known = isSupervised(slot) ? cache.find(slot, stamp) : undefined;
  const status = known ?? (await readSupervised(supervision, slot).catch(() => undefined));
  if (known === undefined && status !== undefined) cache.keep(slot, stamp, status);
  return statusOf(supervision, profile, slot, status);
}

function readSlots(scandir: string): string[] {
  try {
    const names = readdirSync(scandir).flatMap((name) => profileOfSlot(name) ?? []);
    return names.filter(isSupervisedName).sort();
  } catch (error) {
    throw slotError(`read the scan directory ${scandir}`, error);
  }
}

/** The maximum number of concurrent s6-svstat processes. */
const BATCH = 16;

function* inBatches(profiles: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < profiles.length; start += BATCH) yield profiles.slice(start, start + BATCH);
}

function desiredStateOf({ home, user }: Supervision, profile: string): 'running' | 'stopped' | undefined {
  const own = profileHome(profile, { home });
  return asUser(user, () => readDesiredState({ home: own }))?.desired_state;
}

function unsupervised(profile: string, slot: string): SlotStatus {
  return {
    profile,
    slot,
    supervised: false,
    state: 'not-registered',
    ready: false,
    wanted_up: false,
    pid: null,
    exit_code: null,
    signal: null,
    seconds: 0,
  };
}
