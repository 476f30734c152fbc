import type { AgentConfig } from '../config/schema.ts';
import type { Agent } from './agent.ts';
import { EchoAgent } from './echo.ts';

/** The agent that the configuration names. */
export function createAgent(config: AgentConfig): Agent {
  return new EchoAgent(config.delay_ms);
}
