import type { HomeFacts } from './facts.ts';

/** From the reference system to this gateway, or back. */
export type Direction = 'forward' | 'back';

/** What a migration does to a home, and what is in its way. */
export interface MigrationPlan {
  readonly profile: string;
  readonly home: string;
  readonly direction: Direction;
  /** Whether the gateway is to run. */
  readonly desired: 'running' | 'stopped';
  /** What changes, in words; nothing where the home is as it is to be. */
  readonly changes: readonly string[];
  /** What has to be done first, as it is each time: stop the gateway. */
  readonly before: readonly string[];
  /** What a person has to mend first. */
  readonly obstacles: readonly string[];
  /** What does not change, and should be known. */
  readonly notes: readonly string[];
}

/** Whether unanswered messages may be left behind. */
export interface PlanOptions {
  readonly force: boolean;
}

/** Decides what is to be done. Pure. */
export function planMigration(facts: HomeFacts, direction: Direction, options: PlanOptions): MigrationPlan {
  const desired = facts.boot.start ? 'running' : 'stopped';
  const common = { profile: facts.profile, home: facts.home, direction, desired, before: toStop(facts) } as const;
  return direction === 'forward' ? forward(facts, common) : back(facts, common, options);
}

type Common = Pick<MigrationPlan, 'profile' | 'home' | 'direction' | 'desired' | 'before'>;

function forward(facts: HomeFacts, common: Common): MigrationPlan {
  const { snapshot, reason } = facts.boot;
  const isDone = facts.isMigrated && (snapshot.desired === 'running' || snapshot.desired === 'stopped');
  const changes = isDone
    ? []
    : [
        `desired_state.json says that the gateway is to be ${common.desired} (decided by: ${reason})`,
        '.migration.json keeps the state file of the reference system for the way back',
      ];
  return {
    ...common,
    changes,
    obstacles: isDone ? [] : obstaclesForward(facts),
    notes: [
      ...(facts.hasEnvironmentFile
        ? ['.env is not read by this gateway: give it these variables by its service, or secrets as files']
        : []),
      'conversations before the migration stay in files of the reference system; this gateway does not read them',
    ],
  };
}

function obstaclesForward({ profile, home, boot, settings, settingsProblem, samePort }: HomeFacts): string[] {
  const { snapshot, desired } = boot;
  const isUnknown = snapshot.stateProblem !== undefined && desired === undefined;
  return [
    ...(snapshot.isServedByRoot ? [boot.reason] : []),
    ...(isUnknown
      ? [
          `it is not known whether its gateway is to run: gateway_state.json ${snapshot.stateProblem}; write {"desired_state":"running"} or "stopped" to ${home}/desired_state.json`,
        ]
      : []),
    ...(settingsProblem === undefined
      ? []
      : [
          `the settings of this gateway cannot be used: ${settingsProblem}; correct them, or write them to ${home}/gateway.yaml, which this command makes: hermes-gateway init --beside -p ${profile}`,
        ]),
    ...(samePort === undefined
      ? []
      : [`the profile ${samePort} has the same port: set api_server.port in ${settings}`]),
  ];
}

function back(facts: HomeFacts, common: Common, { force }: PlanOptions): MigrationPlan {
  const isDone = !facts.isMigrated && facts.isReference && facts.boot.snapshot.desired === undefined;
  const changes = [
    `gateway_state.json is one of the reference system again, with desired_state ${common.desired} (decided by: ${facts.boot.reason})`,
    'desired_state.json and .migration.json are removed',
  ];
  const left = [
    ...count(facts.unanswered, 'accepted message without an answer', 'accepted messages without an answer'),
    ...count(facts.undelivered, 'reply that is not delivered', 'replies that are not delivered'),
  ];
  const lost = left.length === 0 ? [] : [`it has ${left.join(' and ')}, which the reference system cannot see`];
  return {
    ...common,
    changes: isDone ? [] : changes,
    obstacles: isDone || force ? [] : lost.map((what) => `${what}: start its gateway until they are, or add --force`),
    notes: [
      ...(force ? lost.map((what) => `${what}: they stay in gateway.db`) : []),
      'gateway.db, with its conversations, and the settings stay; the reference system does not read them',
    ],
  };
}

function toStop({ servedBy, profile }: HomeFacts): string[] {
  if (servedBy === undefined) return [];
  const process = servedBy === 'unknown' ? 'a gateway' : `a gateway (process ${servedBy})`;
  return [`${process} serves it: drainctl begin --wait --profile ${profile}, and then stop it by its supervisor`];
}

function count(number: number, one: string, many: string): string[] {
  if (number === 0) return [];
  return [number === 1 ? `an ${one}`.replace('an r', 'a r') : `${number} ${many}`];
}
