import { accessSync, constants } from 'node:fs';
import { findProfile, observeGateway, readGatewayState, resolveHome } from '@hermes/drain-contract';
import type { Check } from '@hermes/s6-reconciler';
import { createLogger } from '@hermes/service-kit';
import type { AgentContext } from '../agents/agent.ts';
import type { AgentConfig } from '../agents/config.ts';
import { ISOLATION_VARIABLE, prepareIsolation } from '../agents/isolation/isolation.ts';
import { loadConfig } from '../config/load.ts';
import type { GatewayConfig } from '../config/schema.ts';

/**
 * Looks at what has to be right for the gateway of a profile to start, and at how its command agent is kept away from it.
 * Starts nothing but the sandbox. @throws ContractError where there is no such profile.
 */
export async function examine(profile: string, environment: NodeJS.ProcessEnv): Promise<Check[]> {
  const { home } = findProfile(profile);
  const { check, config } = examineConfig(profile, home, environment);
  const context: AgentContext = {
    log: createLogger('hermes-gateway', 'silent'),
    environment,
    home,
    rootHome: resolveHome(),
    recordProcess: async () => undefined,
  };
  const agent = config === undefined ? [] : [await examineIsolation(profile, config.agent, context)];
  return [check, examineHome(profile, home), examineState(profile, home), ...agent];
}

function examineConfig(
  profile: string,
  home: string,
  environment: NodeJS.ProcessEnv,
): { check: Check; config?: GatewayConfig } {
  const about = { profile, check: 'configuration' };
  try {
    const { config, warnings } = loadConfig(home, environment);
    const found = warnings.length === 0 ? 'understood' : warnings.join('; ');
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
    return { ...about, ok: false, found: `${home}: ${code}`, cure: 'give this user the directory' };
  }
}

function examineState(profile: string, home: string): Check {
  const about = { profile, check: 'gateway' };
  const state = readGatewayState({ home });
  if (state === undefined) return { ...about, ok: null, found: 'none has run yet', cure: null };
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
    if (await prepareIsolation(agent, context)) return { ...about, ok: true, found: 'bwrap works here', cure: null };
  } catch (error) {
    return { ...about, ok: false, found: (error as Error).message, cure: null };
  }
  const cure = `set agent.isolation to bwrap, or ${ISOLATION_VARIABLE} to auto`;
  try {
    const works = await prepareIsolation({ ...agent, isolation: 'bwrap' }, context);
    return { ...about, ok: null, found: `none, although bwrap ${works ? 'works' : 'is there'}`, cure };
  } catch (error) {
    return { ...about, ok: null, found: 'none', cure: (error as Error).message };
  }
}
