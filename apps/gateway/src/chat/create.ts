import type { DrainVerdict } from '@hermes/drain-contract';
import type { Agent } from '../agents/agent.ts';
import type { Channel } from '../channels/channel.ts';
import type { Gate } from '../gate/gate.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { TurnEngine } from '../turns/engine.ts';
import type { ChatAudit } from './audit.ts';
import { type ChatCommandParts, ChatCommands } from './chat-commands.ts';
import { Operations } from './operations.ts';
import type { Restart } from './restart.ts';

/** Who may do what by commands in a chat. */
export interface ChatOptions {
  /** The sessions of operators. */
  readonly operators: readonly string[];
  readonly audit: ChatAudit;
  /** Who starts this process again after it has ended. */
  readonly supervisor: string | undefined;
}

export interface ChatParts extends Pick<ChatCommandParts, 'eventComposer' | 'journal' | 'log'> {
  readonly home: string;
  readonly agent: Agent;
  readonly channels: readonly Channel[];
  readonly engine: TurnEngine;
  readonly gate: Gate;
  readonly lifecycle: Lifecycle;
  readonly restart: Restart;
  readonly chat?: ChatOptions | undefined;
  /** Reads the marker. */
  readVerdict(): DrainVerdict;
}

const NO_OPERATORS: ChatOptions = { operators: [], audit: async () => undefined, supervisor: undefined };

/** The commands of the chats of a gateway. */
export function createChat(parts: ChatParts): ChatCommands {
  const { home, agent, channels, engine, gate, lifecycle, restart, readVerdict, chat = NO_OPERATORS } = parts;
  const running = () => gate.active;
  const operations = new Operations({ home, restart, ...chat, turnTimeout: agent.turnTimeout, running, readVerdict });
  return new ChatCommands({
    ...parts,
    ...chat,
    operations,
    belongsToChannel: (session) => channels.some((channel) => channel.receives === true && channel.carries(session)),
    status: () => ({
      state: lifecycle.state,
      verdict: readVerdict(),
      isRestartPending: restart.isPending,
      running: running(),
      queued: engine.queued,
    }),
  });
}
