import type { Agent, AgentContext } from './agent.ts';
import { CommandAgent } from './command/command-agent.ts';
import type { AgentConfig } from './config.ts';
import { EchoAgent } from './echo.ts';
import { prepareIsolation } from './isolation/isolation.ts';

/** The agent that the configuration names. @throws StartupError when something it needs is missing. */
export async function createAgent(config: AgentConfig, context: AgentContext): Promise<Agent> {
  switch (config.kind) {
    case 'echo':
      return new EchoAgent(config);
    case 'command':
      return new CommandAgent(config, context, await prepareIsolation(config, context));
    case 'openai': {
      // Loaded by those who use it: it would make every other gateway slower to start.
      const { OpenAiAgent } = await import('./openai/openai-agent.ts');
      return new OpenAiAgent(config, context);
    }
    default:
      return config satisfies never;
  }
}
