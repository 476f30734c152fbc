import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  isMigrated,
  isServedByReference,
  listProfiles,
  observeGateway,
  type Profile,
  registeredGateway,
  resolveHome,
} from '@hermes/drain-contract';
import { type BootDecision, decideAtBoot } from '@hermes/s6-reconciler';
import { configPath } from '../config/config-file.ts';
import { readConfig } from '../config/load.ts';
import { readYamlFile } from '../config/yaml-file.ts';
import { configuredPort } from '../profile/port.ts';
import { countUnanswered } from '../profile/remove.ts';

/** What is known of a home that is to be migrated, or to go back. */
export interface HomeFacts {
  readonly profile: string;
  readonly home: string;
  /** Process id of the gateway that serves it, if it is known; `undefined` when none does. */
  readonly servedBy: number | 'unknown' | undefined;
  /** Whether the reference system's gateway was the last to serve it, or is to serve it next. */
  readonly isReference: boolean;
  readonly isMigrated: boolean;
  /** What the next boot decides. */
  readonly boot: BootDecision;
  /** The file with the settings of this gateway. */
  readonly settings: string;
  /** Why these settings cannot be used; `undefined` if they can. */
  readonly settingsProblem: string | undefined;
  /** Whether there are settings of the reference system that this gateway does not read: `.env`. */
  readonly hasEnvironmentFile: boolean;
  /** Another profile that this gateway serves on the same port. */
  readonly samePort: string | undefined;
  /** Messages that were accepted and have no answer. */
  readonly unanswered: number;
  /** Replies that no channel has delivered yet. */
  readonly undelivered: number;
}

/** Looks at the home of a profile; changes nothing. @throws StartupError if the journal of this gateway cannot be read. */
export async function lookAtHome({ name, home }: Profile, environment: NodeJS.ProcessEnv): Promise<HomeFacts> {
  const { live, state } = observeGateway({ home });
  const pid = registeredGateway(home)?.pid ?? (live ? (state?.pid ?? 'unknown') : undefined);
  const settings = configPath(home);
  return {
    profile: name,
    home,
    servedBy: pid,
    isReference: isServedByReference({ home }),
    isMigrated: isMigrated({ home }),
    boot: decideAtBoot({ name, home }, resolveHome()),
    settings,
    settingsProblem: problemOf(home, settings, environment),
    hasEnvironmentFile: existsSync(join(home, '.env')),
    samePort: profileOnPortOf({ name, home }),
    unanswered: live ? 0 : await countUnanswered(home),
    undelivered: (state?.channels ?? []).reduce((sum, { waiting }) => sum + waiting, 0),
  };
}

function problemOf(home: string, settings: string, environment: NodeJS.ProcessEnv): string | undefined {
  try {
    const { warnings } = readConfig(home, environment);
    // Without it, a gateway would answer people with their own words.
    if (!('agent' in readYamlFile(settings).value)) return `${settings}: expected a section "agent", found none`;
    return warnings.find((warning) => warning.includes('is not a key of the gateway'));
  } catch (error) {
    return (error as Error).message;
  }
}

function profileOnPortOf({ name, home }: Profile): string | undefined {
  const port = configuredPort(home);
  const others = listProfiles().filter((other) => other.name !== name && isMigrated({ home: other.home }));
  return port === 0 ? undefined : others.find((other) => configuredPort(other.home) === port)?.name;
}
