import type { Agent, AgentContext } from './agent.ts';
import { CommandAgent } from './command/command-agent.ts';
import type { AgentConfig } from './config.ts';
import { EchoAgent } from './echo.ts';
import { OpenAiAgent } from './openai/openai-agent.ts';

/** The agent that the configuration names. @throws StartupError when something it needs is missing. */
export function createAgent(config: AgentConfig, context: AgentContext): Agent {
  switch (config.kind) {
    case 'echo':
      return new EchoAgent(config);
    case 'command':
      return new CommandAgent(config, context);
    case 'openai':
      return new OpenAiAgent(config, context);
    default:
      return config satisfies never;
  }
}
