import { randomUUID } from 'node:crypto';
import type { Agent, AgentRequest } from '../agents/agent.ts';

/** What came of a reply: what was said, and the error at its end. */
export interface Reply {
  readonly said: string;
  readonly error: Error | undefined;
}

/** Listens to a reply until it ends, however it ends. */
export async function replyOf(
  agent: Agent,
  request: Omit<AgentRequest, 'turn'> & Partial<AgentRequest>,
  options: { signal?: AbortSignal; heard?: (said: string) => void } = {},
): Promise<Reply> {
  let said = '';
  try {
    for await (const piece of agent.reply(
      { turn: randomUUID(), ...request },
      options.signal ?? new AbortController().signal,
    )) {
      said += piece;
      options.heard?.(said);
    }
    return { said, error: undefined };
  } catch (error) {
    return { said, error: error as Error };
  }
}
