import { accessSync, constants } from 'node:fs';
import { findProfile, observeGateway, readGatewayState, resolveHome, shellLine } from '@hermes/drain-contract';
import type { Check } from '@hermes/s6-reconciler';
import { createLogger } from '@hermes/service-kit';
import type { AgentContext } from '../agents/agent.ts';
import type { AgentConfig } from '../agents/config.ts';
import { chooseIsolation, ISOLATION_VARIABLE, tryIsolation } from '../agents/isolation/isolation.ts';
import { loadConfig } from '../config/load.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { secretNames } from '../config/secret-names.ts';

/**
 * Checks what the gateway of a profile needs to start, and how its command agent is isolated from it. Starts nothing
 * except the sandbox. @throws ContractError if there is no such profile.
 */
export async function examine(profile: string, environment: NodeJS.ProcessEnv): Promise<Check[]> {
  const { home } = findProfile(profile);
  const { check, config } = examineConfig(profile, home, environment);
  const agent =
    config === undefined ? [] : [await examineIsolation(profile, config.agent, contextOf(config, home, environment))];
  return [check, examineHome(profile, home), examineState(profile, home), ...agent];
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

function examineConfig(
  profile: string,
  home: string,
  environment: NodeJS.ProcessEnv,
): { check: Check; config?: GatewayConfig } {
  const about = { profile, check: 'configuration' };
  try {
    const { config, warnings } = loadConfig(home, environment);
    const found = warnings.length === 0 ? 'valid' : warnings.join('; ');
    return { check: { ...about, ok: true, found, cure: null }, config };
  } catch (error) {
    return { check: { ...about, ok: false, found: (error as Error).message, cure: null } };
  }
}

function examineHome(profile: string, home: string): Check {
  const about = { profile, check: 'home' };
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return { ...about, ok: true, found: `${home} can be written`, cure: null };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return {
      ...about,
      ok: false,
      found: `${home}: ${code}`,
      cure: `give this user write access to an existing home: sudo chown "$(id -un)" ${shellLine([home])}`,
    };
  }
}

function examineState(profile: string, home: string): Check {
  const about = { profile, check: 'gateway' };
  const state = readGatewayState({ home });
  if (state === undefined) return { ...about, ok: null, found: 'no gateway has run yet', cure: null };
  const problem = state.start_problem ?? (state.gateway_state === 'startup_failed' ? state.exit?.reason : undefined);
  if (problem) return { ...about, ok: false, found: `${state.gateway_state}: ${problem}`, cure: null };
  const { live } = observeGateway({ home });
  return { ...about, ok: true, found: `${state.gateway_state}, ${live ? 'live' : 'not live'}`, cure: null };
}

async function examineIsolation(profile: string, agent: AgentConfig, context: AgentContext): Promise<Check> {
  const about = { profile, check: 'isolation of the agent' };
  if (agent.kind !== 'command')
    return { ...about, ok: true, found: `not needed for the agent "${agent.kind}"`, cure: null };
  try {
    const choice = chooseIsolation(agent, context.environment);
    const problem = await tryIsolation(agent, context).then(
      () => undefined,
      ({ message }: Error) => message,
    );
    if (choice === 'none')
      return {
        ...about,
        ok: null,
        found: `none, ${problem ? 'and bwrap does not work here' : 'although bwrap works here'}`,
        cure: problem ?? ISOLATE,
      };
    if (problem === undefined) return { ...about, ok: true, found: 'bwrap works here', cure: null };
    return {
      ...about,
      ok: choice === 'auto' ? null : false,
      found: choice === 'auto' ? 'none' : 'bwrap is configured, but does not work',
      cure: problem,
    };
  } catch (error) {
    return { ...about, ok: false, found: (error as Error).message, cure: null };
  }
}

const ISOLATE = `set agent.isolation to bwrap, or ${ISOLATION_VARIABLE} to auto`;
