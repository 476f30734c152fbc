import type { Logger } from '@hermes/service-kit';
import type { Agent } from '../agents/agent.ts';
import type { Gate, Refusal, Ticket } from '../gate/gate.ts';
import { type Message, Turn } from './turn.ts';
import { TurnStore } from './turn-store.ts';

/** How many messages may wait, in all and behind one running turn. */
export const LIMITS = { open: 50_000, perSession: 1_000 } as const;

export type Submission =
  /** `repeated`: the message came before; this is its first turn. */
  | { readonly kind: 'accepted'; readonly turn: Turn; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'overloaded'; readonly limit: number };

/** The turns of one conversation: at most one runs, the others wait in the order they came. */
interface Session {
  readonly queue: Turn[];
  running: boolean;
}

/** Runs turns: one at a time in a session, as many sessions at once as there are. The gate decides when one may start. */
export class TurnEngine {
  readonly #gate: Gate;
  readonly #agent: Agent;
  readonly #log: Logger;
  readonly #turns = new TurnStore();
  readonly #sessions = new Map<string, Session>();
  readonly #interrupts = new Map<Turn, AbortController>();

  constructor(gate: Gate, agent: Agent, log: Logger) {
    this.#gate = gate;
    this.#agent = agent;
    this.#log = log;
  }

  /** Accepts a message, or says why not. An accepted one runs at once, or behind the turns of its session. */
  submit(message: Message): Submission {
    const earlier = this.#turns.findMessage(message.session, message.messageId);
    if (earlier) return { kind: 'accepted', turn: earlier, repeated: true };
    const session = this.#sessions.get(message.session);
    if (this.#turns.open >= LIMITS.open) return { kind: 'overloaded', limit: LIMITS.open };
    if (session && session.queue.length >= LIMITS.perSession) {
      return { kind: 'overloaded', limit: LIMITS.perSession };
    }
    return session ? this.#queueUp(message, session) : this.#startSession(message);
  }

  find(id: string): Turn | undefined {
    return this.#turns.find(id);
  }

  /** Accepted turns that wait: behind another of their session, or for the end of a drain. */
  get waiting(): number {
    return this.#turns.open - this.#interrupts.size;
  }

  /** Starts what was held back while the gate was shut. */
  resume(): void {
    for (const [name, session] of this.#sessions) this.#startNext(name, session);
  }

  /** Cuts off the turns that run. @returns how many. */
  interruptRunning(): number {
    const running = [...this.#interrupts.values()];
    for (const interrupt of running) interrupt.abort();
    return running.length;
  }

  /** Gives up the turns that have not started, and tells whoever waits for them. @returns how many. */
  abandonWaiting(problem: string): number {
    const waiting = [...this.#sessions.values()].flatMap((session) => session.queue.splice(0));
    for (const turn of waiting) turn.settle('interrupted', problem);
    return waiting.length;
  }

  /** A session that does nothing: the gate is asked once, and its word stands. */
  #startSession(message: Message): Submission {
    const turn = new Turn(message);
    const admission = this.#gate.admit(message.kind, { id: turn.id, session: message.session });
    if (!admission.admitted) return { kind: 'refused', refusal: admission.refusal };
    this.#turns.add(turn);
    const session = { queue: [], running: true };
    this.#sessions.set(message.session, session);
    this.#run(turn, admission.ticket, session);
    return { kind: 'accepted', turn, repeated: false };
  }

  #queueUp(message: Message, session: Session): Submission {
    const refusal = this.#gate.refusal(message.kind);
    if (refusal) return { kind: 'refused', refusal };
    const turn = new Turn(message);
    this.#turns.add(turn);
    session.queue.push(turn);
    this.#startNext(message.session, session);
    return { kind: 'accepted', turn, repeated: false };
  }

  #startNext(name: string, session: Session): void {
    const next = session.queue[0];
    if (session.running || next === undefined) {
      if (!session.running) this.#sessions.delete(name);
      return;
    }
    // Claimed before the gate is asked: its look at the marker may find the drain over, and that resumes us here.
    session.running = true;
    const admission = this.#gate.admit(next.message.kind, { id: next.id, session: name });
    session.running = admission.admitted;
    if (!admission.admitted) return;
    session.queue.shift();
    this.#run(next, admission.ticket, session);
  }

  #run(turn: Turn, ticket: Ticket, session: Session): void {
    void this.#work(turn, ticket).then(() => {
      session.running = false;
      this.#startNext(turn.message.session, session);
    });
  }

  /** Never rejects: whatever the agent does, the turn ends and its ticket is released. */
  async #work(turn: Turn, ticket: Ticket): Promise<void> {
    const interrupt = new AbortController();
    this.#interrupts.set(turn, interrupt);
    turn.start();
    try {
      for await (const text of this.#agent.reply(turn.message, interrupt.signal)) {
        turn.append(text);
        ticket.progress();
      }
      if (interrupt.signal.aborted) turn.settle('interrupted', CUT_OFF);
      else turn.settle('done');
    } catch (error) {
      if (interrupt.signal.aborted) turn.settle('interrupted', CUT_OFF);
      else this.#fail(turn, error);
    } finally {
      this.#interrupts.delete(turn);
      ticket.release();
    }
  }

  #fail(turn: Turn, error: unknown): void {
    this.#log.error({ err: error, turn: turn.id, session: turn.message.session }, 'the agent failed');
    turn.settle('failed', 'The agent failed; the log has the details. Send the message again to retry.');
  }
}

const CUT_OFF = 'The gateway is stopping and cut this turn off. Write again to resume.';
