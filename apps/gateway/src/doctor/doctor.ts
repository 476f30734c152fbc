import { accessSync, constants } from 'node:fs';
import { findProfile, resolveHome, shellLine } from '@hermes/drain-contract';
import {
  type Check,
  checkClock,
  checkOwner,
  DEFAULT_USER,
  examineHomeMounts,
  type Finding,
  fault,
  fine,
  giveAway,
  reasonOf,
  unknown,
  unprivilegedAccount,
} from '@hermes/s6-reconciler';
import { createLogger } from '@hermes/service-kit';
import { findServiceUser } from '@hermes/systemd';
import type { AgentContext } from '../agents/agent.ts';
import { readConfig } from '../config/load.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { secretNames } from '../config/secret-names.ts';
import { checkAgent } from './agent.ts';
import { checkApiKey } from './api-key.ts';
import { checkDisk } from './disk.ts';
import { checkGateway } from './gateway.ts';
import { checkIsolation } from './isolation.ts';
import { checkJournal, checkSharedJournal } from './journal.ts';
import { checkLocks } from './locks.ts';
import type { CheckName } from './names.ts';
import { checkPort } from './port.ts';
import { checkService } from './service.ts';

/** What an examination reports: the check that begins, and what it found. */
export type Report = { readonly begin: CheckName } | { readonly checks: readonly Check[] };

/**
 * Checks what the gateway of a profile needs to start and to run. Starts nothing except the sandbox, and removes what it
 * wrote. A check that waits for a disk can hang. @throws ContractError if there is no such profile.
 */
export async function* examine(profile: string, environment: NodeJS.ProcessEnv): AsyncGenerator<Report, void> {
  const { home } = findProfile(profile);
  let config: GatewayConfig | undefined;
  const configured = async (check: (config: GatewayConfig) => Finding | Promise<Finding>): Promise<Finding> =>
    config === undefined ? unknown('not checked: the configuration is not valid') : check(config);
  const checks: Record<CheckName, () => Finding | readonly Check[] | Promise<Finding | readonly Check[]>> = {
    configuration: () => {
      const examined = checkConfig(home, environment);
      config = examined.config;
      return examined.finding;
    },
    home: () => checkHome(home),
    owner: async () => checkOwner(home, { remedy: giveAway(home, await accountFor(profile, environment)) }),
    clock: () => checkClock(home, Date.now()),
    'API key': () => configured(checkApiKey),
    port: () => configured((valid) => checkPort(home, valid)),
    disk: () => checkDisk(home),
    mounts: () => examineHomeMounts(home).map((check) => ({ ...check, profile })),
    locks: () => checkLocks(home),
    journal: () => checkJournalOf(home, config, environment),
    gateway: () => checkGateway(home, profile),
    service: () => checkService(profile),
    agent: () => configured((valid) => checkAgent(valid.agent, environment)),
    'isolation of the agent': () =>
      configured((valid) => checkIsolation(valid.agent, contextOf(valid, home, environment))),
  };
  for (const [name, check] of Object.entries(checks) as [CheckName, (typeof checks)[CheckName]][]) {
    yield { begin: name };
    const found = await check();
    yield { checks: isList(found) ? found : [{ profile, check: name, ...found }] };
  }
}

/** Without a valid configuration, it is most likely in the home. */
function checkJournalOf(
  home: string,
  config: GatewayConfig | undefined,
  environment: NodeJS.ProcessEnv,
): Finding | Promise<Finding> {
  if (config?.journal.kind !== 'postgres') return checkJournal(home);
  return checkSharedJournal({ config: config.journal, home, environment });
}

/**
 * Who could have the home of root: the user of its unit; without one, who called sudo, or the account of the units and of
 * the image. `undefined` where the unit cannot be looked at, or has a user whom this machine does not know.
 */
async function accountFor(profile: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  try {
    const unit = await findServiceUser(profile, resolveHome());
    return unprivilegedAccount(unit === undefined ? [environment.SUDO_USER, DEFAULT_USER] : [unit]);
  } catch {
    return undefined;
  }
}

function isList(found: Finding | readonly Check[]): found is readonly Check[] {
  return Array.isArray(found);
}

function contextOf(config: GatewayConfig, home: string, environment: NodeJS.ProcessEnv): AgentContext {
  return {
    log: createLogger('hermes-gateway', 'silent'),
    environment,
    secretNames: secretNames(config),
    home,
    rootHome: resolveHome(),
    recordProcess: async () => undefined,
  };
}

function checkConfig(home: string, environment: NodeJS.ProcessEnv): { finding: Finding; config?: GatewayConfig } {
  try {
    const { config, warnings } = readConfig(home, environment);
    return { finding: fine(warnings.length === 0 ? 'valid' : warnings.join('; ')), config };
  } catch (error) {
    return { finding: fault((error as Error).message, null) };
  }
}

function checkHome(home: string): Finding {
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return fine(`${home} can be changed by this user`);
  } catch (error) {
    const cure = `give this user write access to an existing home: sudo chown "$(id -un)" ${shellLine([home])}`;
    return fault(`${home}: ${reasonOf(error)}`, cure);
  }
}
