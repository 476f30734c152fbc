import type { Logger } from '@hermes/service-kit';
import type { Agent, AgentRequest } from '../agents/agent.ts';
import { AgentError } from '../agents/agent-error.ts';
import type { Permit } from '../gate/gate.ts';
import type { RequestForm, TurnEnd } from '../journal/turn-store.ts';
import { partsOf, summaryOf, unaccepted, unacceptedSentence } from '../openai-wire/parts.ts';
import { storedError } from '../openai-wire/upstream-error.ts';
import { bytesOf, type Conversations } from './conversations.ts';
import type { Limits } from './limits.ts';
import type { Turn } from './turn.ts';
import type { Excess, WorkingMemory } from './working-memory.ts';

export interface AgentRunsParts {
  readonly agent: Agent;
  readonly conversations: Conversations;
  readonly memory: WorkingMemory;
  readonly limits: Limits;
  readonly log: Logger;
}

/** The turns that the agent works on, or will in a moment. */
export class AgentRuns {
  readonly #parts: AgentRunsParts;
  /** The abort controller of each turn; the reason is the text for the person who waits. */
  readonly #interrupts = new Map<Turn, AbortController>();

  readonly #waiting = new Map<Turn, PromiseWithResolvers<void>>();

  constructor(parts: AgentRunsParts) {
    this.#parts = parts;
  }

  get turns(): Iterable<Turn> {
    return this.#interrupts.keys();
  }

  has(turn: Turn): boolean {
    return this.#interrupts.has(turn);
  }

  /** Sessions in which a turn is running. */
  get sessions(): string[] {
    return [...this.#interrupts.keys()].map((turn) => turn.message.session);
  }

  /** Makes the turn interruptible. @returns the signal that then aborts. */
  begin(turn: Turn): AbortSignal {
    const interrupt = new AbortController();
    this.#interrupts.set(turn, interrupt);
    return interrupt.signal;
  }

  /** The agent does not work on the turn any more, which can no longer be interrupted. */
  over(turn: Turn): void {
    this.#interrupts.delete(turn);
    this.#waiting.get(turn)?.resolve();
    this.#waiting.delete(turn);
  }

  /** Resolves when the agent does not work on the turn any more. */
  async whenOver(turn: Turn): Promise<void> {
    if (!this.#interrupts.has(turn)) return;
    const waiting = this.#waiting.get(turn) ?? Promise.withResolvers<void>();
    this.#waiting.set(turn, waiting);
    await waiting.promise;
  }

  /** @returns the number of turns. */
  interruptAll(): number {
    const running = [...this.#interrupts.values()];
    for (const interrupt of running) interrupt.abort(CUT_OFF);
    return running.length;
  }

  /** @param why for the person who waits. @returns whether the turn is running. */
  interrupt(turn: Turn, why: string): boolean {
    const interrupt = this.#interrupts.get(turn);
    interrupt?.abort(why);
    return interrupt !== undefined;
  }

  /** Runs the agent. Never rejects. @returns how the turn is to end. */
  async answer(turn: Turn, permit: Permit, signal: AbortSignal): Promise<TurnEnd> {
    const { agent, conversations, log, memory } = this.#parts;
    const { session } = turn.message;
    try {
      const input = inputOf(turn, agent);
      const remembered = await conversations.memoryOf(turn, agent, signal);
      if (memory.holdHistory(turn, bytesOf(remembered.history ?? []))) throw new ExcessError(this.#tooMuch('memory'));
      const request = { turn: turn.id, session, ...input, ...remembered };
      for await (const text of agent.reply(request, signal)) {
        turn.append(text);
        permit.progress();
        const excess = memory.holdPiece(turn, text);
        if (excess !== undefined) throw new ExcessError(this.#tooMuch(excess));
      }
      return signal.aborted ? interrupted(turn, signal) : turn.ending('done');
    } catch (error) {
      if (signal.aborted) return interrupted(turn, signal);
      log.error({ err: error, turn_id: turn.id, session }, 'the agent failed');
      if (!(error instanceof AgentError)) return turn.ending('failed', FAILED, partOf(turn));
      const { message, upstream } = error;
      const part = error instanceof ExcessError ? null : partOf(turn);
      return turn.ending('failed', message, upstream ? storedError(upstream) : part);
    }
  }

  #tooMuch(excess: Excess): string {
    if (excess === 'memory') return 'The gateway has no memory left for running replies; retry later.';
    return `The reply was longer than ${this.#parts.limits.replyBytes} bytes and was cut off: ask for a shorter reply.`;
  }
}

/** A reply that a limit has cut off: nothing of it is stored. */
class ExcessError extends AgentError {}

function interrupted(turn: Turn, signal: AbortSignal): TurnEnd {
  return turn.ending('interrupted', signal.reason, partOf(turn));
}

/** What there is of the reply, unless the request was forwarded. */
function partOf({ message: { form }, reply }: Turn): string | null {
  return (form === undefined || form === 'parts') && reply !== '' ? reply : null;
}

/** The message as the agent gets it. @throws AgentError if it does not take it. */
function inputOf(turn: Turn, agent: Agent): Pick<AgentRequest, 'text' | 'content' | 'form'> {
  const { text, message } = turn;
  const { form } = message;
  if (form === undefined) return { text };
  const content = partsOf(form, text);
  if (form !== 'parts' || content === undefined) {
    if (!agent.forwards) throw new AgentError(PLAIN_ONLY);
    return { text, form: form as RequestForm };
  }
  const kinds = unaccepted(content, agent.accepts);
  if (kinds.length > 0) throw new AgentError(unacceptedSentence(kinds, agent.name));
  return { text: summaryOf(content), content };
}

const CUT_OFF = 'The gateway is stopping and interrupted this turn. Write again to resume.';
/** Gateways that share turns should have the same agent. */
const PLAIN_ONLY = 'The agent of this gateway takes plain text only, not requests of the OpenAI API.';
const FAILED = 'The agent failed; see the log of the gateway. Send a new message to retry.';
