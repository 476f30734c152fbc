import { availableParallelism } from 'node:os';
import { formatIsoDateTime, resolveHome } from '@hermes/drain-contract';
import { slotError } from '../errors.ts';
import { whyNoPrograms } from '../mounts/noexec.ts';
import { clearStagingArea } from '../s6/clear-staging-area.ts';
import { rescan } from '../s6/tools.ts';
import { StagingArea } from '../slot/staging-area.ts';
import { asUser, type User } from '../user.ts';
import { applySteps } from './apply.ts';
import { appendBootLog } from './boot-log.ts';
import type { BootLogEntry } from './boot-log-line.ts';
import { onlyMigrated } from './only-migrated.ts';
import { planReconcile, type Step } from './plan.pure.ts';
import { readHome } from './read-home.ts';
import { readScandir } from './read-scandir.ts';
import { recordDesiredStates } from './record-desired.ts';
import { removeStaleFiles } from './stale-files.ts';

/** Options of a reconcile run. */
export interface ReconcileOptions {
  /** The root home. Default: `$HERMES_HOME`, else `~/.hermes`. */
  readonly home?: string | undefined;
  /** The directory that s6-svscan watches. */
  readonly scandir: string;
  /** The user that a root supervisor's gateways drop to. Everything on the volume is done with that user's rights. */
  readonly user?: User | undefined;
  /** The gateway's program. */
  readonly command: string;
  /** How many services s6-svscan supervises at most. */
  readonly maxServices: number;
  /** Report the plan and change nothing. */
  readonly dryRun?: boolean;
  /** Only bring the files of slots that are supervised already up to date; make none, and say nothing in the boot log. */
  readonly refreshOnly?: boolean;
  /** Only profiles that `hermes-gateway migrate` has taken over; the others are left to the reference system. */
  readonly migratedOnly?: boolean;
}

/** From so many profiles on, a second thread saves clearly more than its own start takes: that of some hundred slots. */
const WORTH_A_THREAD = 2_000;

/** The result for each profile, and other failures. */
export interface ReconcileReport {
  readonly entries: readonly BootLogEntry[];
  readonly warnings: readonly string[];
}

/**
 * Creates a slot for every profile of a home and records the results in the boot log: read, plan, apply.
 * Needs no running s6-svscan; a running one is asked to scan.
 * @throws ServiceError when nothing could be done at all, and then nothing was changed.
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileReport> {
  const { scandir, user, dryRun = false, refreshOnly = false, migratedOnly = false } = options;
  const root = resolveHome(options);
  const plan = () => {
    const snapshots = asUser(user, () => (migratedOnly ? onlyMigrated(readHome(root)) : readHome(root)));
    const steps = planReconcile(snapshots, readScandir(scandir, root, user), { ...options, rootHome: root, user });
    return refreshOnly ? steps.filter(({ action }) => action === 'kept') : steps;
  };
  if (dryRun) return { entries: report(plan()), warnings: [] };
  using area = await StagingArea.open(scandir);
  const warnings = await clearStagingArea(area);
  const noPrograms = whyNoPrograms(scandir);
  if (noPrograms !== undefined) warnings.push(noPrograms);
  const steps = await apply(plan(), area, user);
  const entries = report(steps);
  if (refreshOnly) return { entries, warnings };
  warnings.push(...(await recordDesiredStates(steps, user)));
  // Changing users costs more than a profile: it synchronizes every thread of the process.
  warnings.push(...asUser(user, () => [...sweep(steps), ...log(root, entries)]), ...(await tellScanner(scandir)));
  return { entries, warnings };
}

async function apply(steps: readonly Step[], area: StagingArea, user: User | undefined): Promise<Step[]> {
  if (steps.length < WORTH_A_THREAD || availableParallelism() === 1) return applySteps(steps, area, user);
  // Loaded only then, since most homes have few profiles.
  const { applyInTwo } = await import('./apply-in-two.ts');
  return applyInTwo(steps, area, user);
}

function report(steps: readonly Step[]): BootLogEntry[] {
  const at = formatIsoDateTime(Date.now());
  return steps.map(({ profile, priorState = null, priorExit = null, desired = null, action, reason }) => ({
    at,
    profile,
    prior_state: priorState,
    action,
    prior_exit: priorExit,
    desired,
    reason,
  }));
}

/** Only where a new slot was made: a gateway that is supervised already may be running. */
function sweep(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.action !== 'started' && step.action !== 'registered') return [];
    const left = removeStaleFiles(step.definition.profileHome);
    return left === undefined ? [] : [`profile ${step.profile}: ${left}`];
  });
}

function log(root: string, entries: readonly BootLogEntry[]): string[] {
  try {
    appendBootLog(root, entries);
    return [];
  } catch (error) {
    return [slotError(`write the boot log of ${root}`, error).message];
  }
}

async function tellScanner(scandir: string): Promise<string[]> {
  try {
    await rescan(scandir);
    return [];
  } catch (error) {
    return [slotError(`have ${scandir} scanned`, error).message];
  }
}
