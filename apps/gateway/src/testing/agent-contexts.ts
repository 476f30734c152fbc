import { temporaryDirectory } from '@hermes/test-kit';
import type { AgentContext } from '../agents/agent.ts';
import { quietLog } from './quiet-log.ts';

/** The dependencies of an agent, by default with its own home and a journal that keeps everything. */
export function agentContext(given: Partial<AgentContext> = {}): AgentContext {
  const home = given.home ?? temporaryDirectory();
  return {
    log: quietLog().log,
    environment: process.env,
    secretNames: new Set(),
    home,
    rootHome: home,
    recordProcess: async () => undefined,
    ...given,
  };
}
