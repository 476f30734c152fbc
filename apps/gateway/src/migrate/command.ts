import {
  findProfile,
  listProfiles,
  migrateHome,
  returnHome,
  shellLine,
  visibleJson,
  visibleText,
} from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { type HomeLock, lockHome } from '../home-lock.ts';
import { findSupervision } from '../profile/supervision.ts';
import { lookAtHome } from './facts.ts';
import { type Direction, type MigrationPlan, planMigration } from './plan.pure.ts';

export interface MigrateOptions {
  readonly profile: string;
  readonly allProfiles: boolean;
  readonly check: boolean;
  readonly back: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/**
 * `hermes-gateway migrate`: converts the homes of profiles, or says what it would do. All of them can be converted, or none
 * is changed. @returns whether nothing is in the way. @throws StartupError or ContractError.
 */
export async function runMigrate(options: MigrateOptions): Promise<boolean> {
  const direction = options.back ? 'back' : 'forward';
  const profiles = options.allProfiles ? listProfiles() : [findProfile(options.profile)];
  const plans: MigrationPlan[] = [];
  for (const profile of profiles) {
    const facts = await lookAtHome(profile, process.env);
    plans.push(planMigration(facts, direction, { force: options.force }));
  }
  const isFree = plans.every(({ obstacles }) => obstacles.length === 0);
  if (!options.check && isFree) await convert(plans.filter(({ changes }) => changes.length > 0));
  print(plans, { ...options, direction, isDone: !options.check && isFree });
  return isFree;
}

/** @throws StartupError before the first change, when a gateway serves one of the homes. */
async function convert(plans: readonly MigrationPlan[]): Promise<void> {
  const locks: HomeLock[] = [];
  try {
    for (const { home, before } of plans) {
      if (before[0] !== undefined) throw new StartupError(`nothing was changed: ${home}: ${before[0]}`);
      locks.push(lockHome(home));
    }
    for (const { home, desired, direction } of plans)
      await (direction === 'forward' ? migrateHome(desired, { home }) : returnHome(desired, { home }));
  } finally {
    for (const lock of locks) lock[Symbol.dispose]();
  }
}

interface Outcome {
  readonly direction: Direction;
  readonly isDone: boolean;
  readonly json: boolean;
}

function print(plans: readonly MigrationPlan[], { direction, isDone, json }: Outcome): void {
  const next = isDone ? plans.filter(({ changes }) => changes.length > 0).flatMap(nextCommands) : [];
  const report = { direction, done: isDone, profiles: plans, commands: next };
  const lines = [
    ...plans.flatMap((plan) => describe(plan, isDone)),
    ...(next.length === 0 ? [] : ['next:', ...next.map((command) => `  ${command}`)]),
  ];
  process.stdout.write(json ? `${visibleJson(report)}\n` : lines.map((line) => `${visibleText(line)}\n`).join(''));
}

function describe(plan: MigrationPlan, isDone: boolean): string[] {
  const { profile, changes, obstacles, before, notes } = plan;
  const to = plan.direction === 'forward' ? 'migrated' : 'given back';
  if (changes.length === 0) return [`${profile}: is ${to} already; nothing to change`];
  const title = obstacles.length > 0 ? `cannot be ${to} yet` : isDone ? to : `can be ${to}`;
  const would = isDone ? 'changed' : 'would change';
  return [
    `${profile}: ${title}`,
    ...obstacles.map((text) => `  to mend: ${text}`),
    ...before.map((text) => `  first: ${text}`),
    ...changes.map((text) => `  ${would}: ${text}`),
    ...notes.map((text) => `  note: ${text}`),
  ];
}

/** What brings the profile's gateway back, to be pasted. */
function nextCommands({ profile, direction, desired }: MigrationPlan): string[] {
  const flag = profile === 'default' ? [] : ['-p', profile];
  if (direction === 'back') return desired === 'running' ? [shellLine(['hermes', ...flag, 'gateway', 'run'])] : [];
  const supervision = findSupervision(process.env);
  const doctor = shellLine(['hermes-gateway', 'doctor', ...flag]);
  const isToRun = desired === 'running';
  if (supervision === undefined) return isToRun ? [shellLine(['hermes-gateway', 'run', ...flag]), doctor] : [];
  return isToRun ? [supervision.registerCommand(profile), doctor] : [`${supervision.registerCommand(profile)} --down`];
}
