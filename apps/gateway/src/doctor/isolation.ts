import type { Finding } from '@hermes/s6-reconciler';
import type { AgentContext } from '../agents/agent.ts';
import type { AgentConfig } from '../agents/config.ts';
import { chooseIsolation, ISOLATION_VARIABLE, tryIsolation } from '../agents/isolation/isolation.ts';

/** Whether and how the agent's command is isolated from the gateway. Runs a shell in a sandbox. */
export async function checkIsolation(agent: AgentConfig, context: AgentContext): Promise<Finding> {
  if (agent.kind !== 'command') return { ok: true, found: `not needed for the agent "${agent.kind}"`, cure: null };
  try {
    const choice = chooseIsolation(agent, context.environment);
    const problem = await tryIsolation(agent, context).then(
      () => undefined,
      ({ message }: Error) => message,
    );
    if (choice === 'none')
      return {
        ok: null,
        found: `none, ${problem ? 'and bwrap does not work here' : 'although bwrap works here'}`,
        cure: problem ?? ISOLATE,
      };
    if (problem === undefined) return { ok: true, found: 'bwrap works here', cure: null };
    return {
      ok: choice === 'auto' ? null : false,
      found: choice === 'auto' ? 'none' : 'bwrap is configured, but does not work',
      cure: problem,
    };
  } catch (error) {
    return { ok: false, found: (error as Error).message, cure: null };
  }
}

const ISOLATE = `set agent.isolation to bwrap, or ${ISOLATION_VARIABLE} to auto`;
