import type { Agent, AgentContext } from './agent.ts';
import { CommandAgent } from './command/command-agent.ts';
import { SessionAgent } from './command/session/session-agent.ts';
import type { AgentConfig } from './config.ts';
import { EchoAgent } from './echo.ts';
import { prepareIsolation } from './isolation/isolation.ts';

/** The configured agent. @throws StartupError when something it needs is missing. */
export async function createAgent(config: AgentConfig, context: AgentContext): Promise<Agent> {
  switch (config.kind) {
    case 'echo':
      return new EchoAgent(config);
    case 'command': {
      const Command = config.mode === 'session' ? SessionAgent : CommandAgent;
      return new Command(config, context, await prepareIsolation(config, context));
    }
    case 'openai': {
      // Loaded on demand: it would slow down the start of every other gateway.
      const { OpenAiAgent } = await import('./openai/openai-agent.ts');
      return new OpenAiAgent(config, context);
    }
    default:
      return config satisfies never;
  }
}
