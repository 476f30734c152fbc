import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@hermes/service-kit';
import type { Agent, AgentRequest } from '../agents/agent.ts';
import { AgentError } from '../agents/agent-error.ts';
import type { HistoryLimits, PastTurn, TurnStore } from '../journal/turn-store.ts';
import type { Turn } from './turn.ts';

/** How long a turn waits for a journal that cannot be read, in ms. */
const READ_MS = 30_000;

const RETRIES = { firstRetryMs: 100, lastRetryMs: 2_000 };

/** What an agent that remembers gets besides the message. */
export interface ConversationRules {
  /** No turns: each message stands alone. */
  readonly history: HistoryLimits;
  /** The instructions of the profile. */
  readonly system: string | undefined;
}

export type Memory = Pick<AgentRequest, 'history' | 'system'>;

/** Reads what came before a turn in its session, at the start of the turn. */
export class Conversations {
  readonly #journal: Pick<TurnStore, 'history'>;
  readonly #rules: ConversationRules;

  constructor(journal: Pick<TurnStore, 'history'>, rules: ConversationRules) {
    this.#journal = journal;
    this.#rules = rules;
  }

  /**
   * Nothing for an agent without a memory, and for a turn outside the conversation. Tries again while the journal cannot be
   * read, such as during a restart of its database. @throws AgentError if that takes long, or `signal` aborts.
   */
  async memoryOf(turn: Turn, agent: Agent, signal: AbortSignal): Promise<Memory> {
    const { history, system } = this.#rules;
    if (agent.remembers !== true || turn.message.conversation !== 'exchange') return {};
    if (history.turns === 0) return { system };
    const until = performance.now() + READ_MS;
    for (let failures = 0; ; failures += 1) {
      try {
        return { history: await this.#journal.history(turn.id, history), system };
      } catch (cause) {
        if (signal.aborted || performance.now() >= until) throw new AgentError(UNREADABLE, undefined, { cause });
        await delay(backoffMs(failures, RETRIES), undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

/** Memory of the earlier turns, in bytes of their characters. */
export function bytesOf(history: readonly PastTurn[]): number {
  return history.reduce((sum, { text, reply }) => sum + 2 * (text.length + (reply ?? '').length), 0);
}

const UNREADABLE = 'The earlier turns of this session could not be read; send the message again.';
