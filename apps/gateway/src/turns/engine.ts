import { EventEmitter } from 'node:events';
import type { Logger } from '@hermes/service-kit';
import type { Agent } from '../agents/agent.ts';
import { AgentError } from '../agents/agent-error.ts';
import type { Gate, Refusal, Ticket, TurnKind } from '../gate/gate.ts';
import type { Journal } from '../journal/journal.ts';
import type { EndStatus, TurnEnd, TurnRecord } from '../journal/records.ts';
import type { Announcer } from '../notices/announcer.ts';
import type { Notices } from '../notices/notices.ts';
import { OpenTurns } from './open-turns.ts';
import { type Message, Turn } from './turn.ts';
import { viewEnd } from './view.ts';

/** How many messages may wait, in all and behind one running turn. */
export const LIMITS = { open: 50_000, perSession: 1_000 } as const;

/** What could not be stored of a turn, its start or its end, is tried again after this, in ms. */
const STORAGE_RETRY_MS = 1_000;

/** What becomes of a message that comes under a drain. */
export type OnDrain = 'refuse' | 'queue';

export type Submission =
  /** Stored. `repeated`: the message came before, and this is its first turn. */
  | { readonly kind: 'accepted'; readonly turn: Turn; readonly repeated: boolean }
  /** Stored, to be run when the drain is over. */
  | { readonly kind: 'held'; readonly turn: Turn; readonly repeated: boolean; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'overloaded'; readonly limit: number }
  /** The journal could not take it; nothing has happened. */
  | { readonly kind: 'unstored' };

export interface EngineParts {
  readonly gate: Gate;
  readonly agent: Agent;
  readonly journal: Journal;
  readonly announcer: Announcer;
  readonly notices: Notices;
  readonly onDrain: OnDrain;
  readonly log: Logger;
}

/** The turns of one conversation: at most one runs, the others wait in the order they came. */
interface Session {
  readonly queue: Turn[];
  running: boolean;
}

/**
 * Runs turns: one at a time in a session, as many sessions at once as there are. The gate decides when one may start.
 * Emits `submitted` with what became of each message, and `ended` with each turn that has ended; and at the very
 * moment `refused` when the gate turns a message away, and `waiting` when the number of turns that wait changes.
 */
export class TurnEngine extends EventEmitter<{
  submitted: [Submission];
  ended: [Turn];
  refused: [Refusal];
  waiting: [number];
}> {
  readonly #parts: EngineParts;
  readonly #open = new OpenTurns();
  readonly #sessions = new Map<string, Session>();
  readonly #interrupts = new Map<Turn, AbortController>();
  /** The turns in the queues of all sessions. */
  readonly #waiting = new Set<Turn>();
  /** Whether what waits is left to the next process. */
  #parking = false;

  constructor(parts: EngineParts) {
    super();
    this.#parts = parts;
  }

  /** Accepts a message durably, or says why not. An accepted one runs at once, or behind the turns of its session. */
  async submit(message: Message): Promise<Submission> {
    const submission = await this.#submit(message);
    this.emit('submitted', submission);
    return submission;
  }

  async #submit(message: Message): Promise<Submission> {
    try {
      const record = await this.#findRecord(message);
      // From here to the gate nothing is waited for: the same message may be on its way in a second time.
      const open = this.#open.findMessage(message.session, message.messageId);
      if (open) await this.#open.whenStored(open);
      const earlier = open ?? (record && (await this.#restore(record)));
      const submission = earlier ? this.#repeat(earlier) : this.#enter(message);
      if (submission.kind === 'accepted' || submission.kind === 'held') await this.#open.whenStored(submission.turn);
      if (submission.kind === 'held' || submission.kind === 'refused') {
        await this.#parts.notices.refused(message.session, submission.refusal, submission.kind === 'held');
      }
      return submission;
    } catch (error) {
      this.#parts.log.error({ err: error, session: message.session }, 'a message could not be stored');
      return { kind: 'unstored' };
    }
  }

  async find(id: string): Promise<Turn | undefined> {
    const open = this.#open.find(id);
    if (open) return open;
    const record = await this.#parts.journal.find(id);
    return record && Turn.restore(record);
  }

  /** Accepted turns that wait: behind another of their session, or for the end of a drain. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Sessions in which a turn is running. */
  get busySessions(): string[] {
    return [...this.#interrupts.keys()].map((turn) => turn.message.session);
  }

  /**
   * Takes over what the process before left behind: turns that wait are queued again, turns that were running are
   * replayed once if the agent allows it, and reported as interrupted otherwise. Nothing starts before `resume`.
   */
  async recover(records: readonly TurnRecord[]): Promise<void> {
    for (const record of records) {
      const turn = Turn.restore(record);
      const lost = record.status === 'running' && (record.attempts > 1 || !this.#parts.agent.replayable);
      if (!lost) {
        this.#queue(turn, Promise.resolve());
        continue;
      }
      this.#open.add(turn, Promise.resolve());
      await this.#end(turn, 'interrupted', LOST);
    }
  }

  /** Starts what was held back while the gate was shut. */
  resume(): void {
    for (const name of this.#sessions.keys()) this.#startNext(name);
  }

  /** Cuts off the turns that run. @returns how many. */
  interruptRunning(): number {
    const running = [...this.#interrupts.values()];
    for (const interrupt of running) interrupt.abort();
    return running.length;
  }

  /** Leaves the turns that have not started to the next process, and tells whoever waits for them. @returns how many. */
  parkWaiting(): number {
    this.#parking = true;
    for (const turn of this.#waiting) turn.park();
    return this.#waiting.size;
  }

  async #findRecord(message: Message): Promise<TurnRecord | undefined> {
    if (message.messageId === undefined) return undefined;
    return this.#parts.journal.findMessage(message.session, message.messageId);
  }

  /** A turn that is no longer open: as it ended, which may have been since it was read. */
  async #restore(record: TurnRecord): Promise<Turn> {
    const ended = record.endedAt === null ? await this.#parts.journal.find(record.id) : record;
    return Turn.restore(ended ?? record);
  }

  /** The turn of a message that came before; under a drain, whoever repeats one that waits must not wait with it. */
  #repeat(turn: Turn): Submission {
    const refusal = this.#waiting.has(turn) ? this.#parts.gate.refusal(kindOf(turn)) : undefined;
    return refusal?.reason === 'draining'
      ? { kind: 'held', turn, repeated: true, refusal }
      : { kind: 'accepted', turn, repeated: true };
  }

  /** Decides on a new message and gives it its place, in one synchronous call. */
  #enter(message: Message): Submission {
    const session = this.#sessions.get(message.session);
    if (this.#open.size >= LIMITS.open) return { kind: 'overloaded', limit: LIMITS.open };
    if (session && session.queue.length >= LIMITS.perSession) return { kind: 'overloaded', limit: LIMITS.perSession };
    return session ? this.#enterQueue(message) : this.#enterIdle(message);
  }

  /** A session that does nothing: the gate is asked once, and its word stands. */
  #enterIdle(message: Message): Submission {
    const turn = new Turn(message);
    const admission = this.#parts.gate.admit(message.kind, { id: turn.id, session: message.session });
    if (!admission.admitted) return this.#refuse(turn, admission.refusal);
    const session = { queue: [], running: true };
    this.#sessions.set(message.session, session);
    turn.start(Date.now());
    this.#open.add(turn, this.#parts.journal.accept(turn.toRecord()));
    void this.#run(turn, admission.ticket, session, this.#open.whenStored(turn));
    return { kind: 'accepted', turn, repeated: false };
  }

  #enterQueue(message: Message): Submission {
    const refusal = this.#parts.gate.refusal(message.kind);
    const turn = new Turn(message);
    if (refusal) return this.#refuse(turn, refusal);
    this.#store(turn);
    this.#startNext(message.session);
    return { kind: 'accepted', turn, repeated: false };
  }

  #refuse(turn: Turn, refusal: Refusal): Submission {
    if (refusal.reason !== 'draining' || this.#parts.onDrain === 'refuse') {
      this.emit('refused', refusal);
      return { kind: 'refused', refusal };
    }
    this.#store(turn);
    return { kind: 'held', turn, repeated: false, refusal };
  }

  #store(turn: Turn): void {
    this.#queue(turn, this.#parts.journal.accept(turn.toRecord()));
  }

  #queue(turn: Turn, stored: Promise<void>): void {
    const name = turn.message.session;
    const session = this.#sessions.get(name) ?? { queue: [], running: false };
    this.#sessions.set(name, session);
    session.queue.push(turn);
    this.#countWaiting(turn, true);
    this.#open.add(turn, stored);
    stored.catch(() => {
      // It may have been taken out already, to be started once it is stored.
      const place = session.queue.indexOf(turn);
      if (place !== -1) session.queue.splice(place, 1);
      this.#countWaiting(turn, false);
      this.#startNext(name);
    });
  }

  #startNext(name: string): void {
    const session = this.#sessions.get(name);
    if (!session || session.running) return;
    const next = session.queue[0];
    if (next === undefined) {
      this.#sessions.delete(name);
      return;
    }
    // Claimed before the gate is asked: its look at the marker may find the drain over, and that resumes us here.
    session.running = true;
    const admission = this.#parts.gate.admit(kindOf(next), { id: next.id, session: name });
    session.running = admission.admitted;
    if (!admission.admitted) return;
    session.queue.shift();
    this.#countWaiting(next, false);
    void this.#run(next, admission.ticket, session, this.#storeStart(next));
  }

  #countWaiting(turn: Turn, waits: boolean): void {
    if (waits) this.#waiting.add(turn);
    else this.#waiting.delete(turn);
    this.emit('waiting', this.#waiting.size);
  }

  async #storeStart(turn: Turn): Promise<void> {
    await this.#open.whenStored(turn);
    const at = Date.now();
    await this.#parts.journal.start(turn.id, at);
    turn.start(at);
  }

  /**
   * Runs a turn once its start is stored, then the next one of its session. Never rejects: whatever the agent or the
   * disk does, the ticket is released.
   */
  async #run(turn: Turn, ticket: Ticket, session: Session, started: Promise<void>): Promise<void> {
    const interrupt = new AbortController();
    this.#interrupts.set(turn, interrupt);
    const isBegun = await this.#isStored(turn, started);
    try {
      if (isBegun) await this.#work(turn, ticket, interrupt.signal);
    } finally {
      this.#interrupts.delete(turn);
      ticket.release();
    }
    session.running = false;
    if (isBegun || !this.#open.has(turn)) this.#startNext(turn.message.session);
    else this.#startAgainLater(turn, session);
  }

  async #isStored(turn: Turn, started: Promise<void>): Promise<boolean> {
    try {
      await started;
      return true;
    } catch (error) {
      this.#parts.log.error({ err: error, turn: turn.id }, 'a turn could not be stored as started');
      return false;
    }
  }

  /** It is stored as accepted, so it is not lost; but a turn that is not stored as running must not run. */
  #startAgainLater(turn: Turn, session: Session): void {
    session.queue.unshift(turn);
    this.#countWaiting(turn, true);
    if (this.#parking) turn.park();
    else setTimeout(() => this.#startNext(turn.message.session), STORAGE_RETRY_MS).unref();
  }

  /** Never rejects. */
  async #work(turn: Turn, ticket: Ticket, signal: AbortSignal): Promise<void> {
    try {
      for await (const text of this.#parts.agent.reply({ ...turn.message, turn: turn.id }, signal)) {
        turn.append(text);
        ticket.progress();
      }
      await (signal.aborted ? this.#end(turn, 'interrupted', CUT_OFF) : this.#end(turn, 'done'));
    } catch (error) {
      if (signal.aborted) return this.#end(turn, 'interrupted', CUT_OFF);
      this.#parts.log.error({ err: error, turn: turn.id, session: turn.message.session }, 'the agent failed');
      await this.#end(turn, 'failed', error instanceof AgentError ? error.message : FAILED);
    }
  }

  /** Stores the end, then tells. Never rejects: who waits for the answer gets it, even if it cannot be stored. */
  async #end(turn: Turn, status: EndStatus, problem?: string): Promise<void> {
    const end = turn.ending(status, problem);
    await this.#storeEnd(turn, end);
    turn.settle(end);
    this.emit('ended', turn);
  }

  /** Until it is stored, a restart would run the turn again: it is tried until then. */
  async #storeEnd(turn: Turn, end: TurnEnd): Promise<void> {
    const { announcer, journal, log } = this.#parts;
    try {
      const announcement = announcer.turnEnded(turn.message.session, viewEnd(turn, end), end.endedAt);
      await journal.end(turn.id, end, announcement);
      announcer.stored(turn.message.session);
      this.#open.remove(turn);
    } catch (error) {
      log.error(
        { err: error, turn: turn.id },
        'the end of a turn could not be stored yet; a restart would run it again',
      );
      setTimeout(() => void this.#storeEnd(turn, end), STORAGE_RETRY_MS).unref();
    }
  }
}

/** What was cut off has been let in before; it does not have to pass a drain again. */
function kindOf(turn: Turn): TurnKind {
  return turn.attempts > 0 ? 'internal' : turn.message.kind;
}

const CUT_OFF = 'The gateway is stopping and cut this turn off. Write again to resume.';
const LOST =
  'The gateway was restarted in the middle of this turn, and it must not be run twice. Write again to resume.';
const FAILED = 'The agent failed; the log has the details. Send it as a new message to retry.';
