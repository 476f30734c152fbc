import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@hermes/service-kit';
import type { Agent } from '../agents/agent.ts';
import type { Gate, Refusal, Ticket, TurnKind } from '../gate/gate.ts';
import { type Journal, NO_SUCH_TURN } from '../journal/journal.ts';
import type { TurnEnd, TurnRecord, UnfinishedTurn } from '../journal/records.ts';
import { fromStorage, StorageError } from '../journal/storage-error.ts';
import type { Announcer } from '../notices/announcer.ts';
import type { Notices } from '../notices/notices.ts';
import type { StorageHealth } from '../storage/storage-health.ts';
import { AgentRuns } from './agent-runs.ts';
import { Backlog } from './backlog.ts';
import { Ends } from './ends.ts';
import { LIMITS, type Limits } from './limits.ts';
import { OpenTurns } from './open-turns.ts';
import { Repeats } from './repeats.ts';
import { overloaded, type Submission } from './submission.ts';
import { type Message, Turn } from './turn.ts';
import { WorkingMemory } from './working-memory.ts';

/** A start that could not be stored is tried again after this, in ms. */
const STORAGE_RETRY_MS = 1_000;

/** So long may a refusal wait for the journal to say whether the message came before, in ms: the disk may hang. */
const LOOK_UP_MS = 250;

/** What becomes of a message that comes under a drain. */
export type OnDrain = 'refuse' | 'queue';

export interface EngineParts {
  readonly gate: Gate;
  readonly agent: Agent;
  readonly journal: Journal;
  readonly announcer: Announcer;
  readonly notices: Notices;
  readonly storage: StorageHealth;
  readonly onDrain: OnDrain;
  readonly log: Logger;
  /** Default: what fits into the heap. */
  readonly limits?: Limits;
}

/** The turns of one conversation: at most one runs, the others wait in the order they came. */
interface Session {
  readonly queue: Turn[];
  running: boolean;
}

/**
 * Runs turns: one at a time in a session, as many sessions at once as there is memory for. The gate decides when one may
 * start. Until `acceptMessages` it takes none: a repeated message may belong to a turn that is not in its place yet.
 * Emits `submitted` with what became of each message, and `ended` with each turn that has ended; and at the very
 * moment `refused` when the gate turns a message away, and `waiting` when the number of turns that wait changes.
 */
export class TurnEngine extends EventEmitter<{
  submitted: [Submission];
  ended: [Turn];
  refused: [Refusal];
  waiting: [number];
}> {
  /** Which request belongs to which turn, and who waits for it. */
  readonly repeats = new Repeats();
  readonly #parts: EngineParts;
  readonly #open = new OpenTurns();
  readonly #sessions = new Map<string, Session>();
  readonly #backlog = new Backlog();
  readonly #limits: Limits;
  readonly #memory: WorkingMemory;
  readonly #runs: AgentRuns;
  readonly #ends: Ends;
  /** Sessions whose next turn waits for memory, in order. */
  readonly #short = new Set<string>();
  #takesMessages = false;
  /** Whether what waits is left to the next process. */
  #parking = false;

  constructor(parts: EngineParts) {
    super();
    this.#parts = parts;
    this.#limits = parts.limits ?? LIMITS;
    this.#memory = new WorkingMemory(this.#limits);
    this.#runs = new AgentRuns({ ...parts, limits: this.#limits, memory: this.#memory });
    this.#ends = new Ends(parts);
  }

  /**
   * Accepts a message durably, or says why not. An accepted one runs at once, or behind the turns of its session. A
   * refusal does not wait for the disk.
   */
  async submit(message: Message): Promise<Submission> {
    const submission = await this.#submit(message);
    this.emit('submitted', submission);
    return submission;
  }

  async #submit(message: Message): Promise<Submission> {
    if (!this.#takesMessages) return { kind: 'refused', refusal: { reason: 'starting' } };
    try {
      const record = await this.#lookUp(message);
      // From here to the gate nothing is waited for: the same message may be on its way in a second time.
      const open = this.#findOpen(message);
      if (open) await this.#whenStored(open);
      const earlier = open ?? (record && (await this.#restore(record)));
      const submission = earlier ? this.#repeat(earlier) : this.#enter(message);
      if (submission.kind === 'accepted' || submission.kind === 'held') await this.#whenStored(submission.turn);
      this.#notify(message, submission);
      return submission;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#parts.log.error({ err: error, session: message.session }, 'a message could not be stored');
      return { kind: 'unstored' };
    }
  }

  /** Tells the session of a drain in the background: the answer does not wait for that. */
  #notify({ session, isAlone }: Message, submission: Submission): void {
    if (isAlone || (submission.kind !== 'held' && submission.kind !== 'refused')) return;
    void this.#parts.notices.refused(session, submission.refusal, submission.kind === 'held');
  }

  /** A turn to look at, or to wait for if it is open. */
  async find(id: string): Promise<Turn | undefined> {
    const open = this.#open.find(id);
    if (open) return open;
    const record = await this.#parts.journal.find(id);
    return record && Turn.restore(record);
  }

  /** Accepted turns that wait: behind another of their session, or for the end of a drain. */
  get waiting(): number {
    return this.#backlog.size;
  }

  /** Sessions in which a turn is running. */
  get busySessions(): string[] {
    return this.#runs.sessions;
  }

  /** Whether all that the process before left behind is in its place. */
  get takesMessages(): boolean {
    return this.#takesMessages;
  }

  /** Turns that have ended, and whose end is not stored yet. */
  get unstored(): string[] {
    return this.#ends.unstored;
  }

  /**
   * Takes over turns of the process before: those that wait are queued again, those that were running are replayed once
   * if the agent allows it, and reported as interrupted otherwise. Nothing starts before `resume`.
   */
  takeOver(records: readonly UnfinishedTurn[]): void {
    for (const record of records) {
      const turn = Turn.takeOver(record);
      const isLost = record.status === 'running' && (record.attempts > 1 || !this.#parts.agent.replayable);
      if (!isLost) {
        this.#queue(turn, Promise.resolve());
        continue;
      }
      this.#track(turn, Promise.resolve());
      void this.#end(turn, turn.ending('interrupted', LOST));
    }
  }

  /** From now on messages are taken: all turns of the process before have been taken over. */
  acceptMessages(): void {
    this.#takesMessages = true;
  }

  /** Starts what was held back while the gate was shut. */
  resume(): void {
    for (const name of this.#sessions.keys()) this.#startNext(name);
  }

  /**
   * Ends a turn that runs or waits, soon after; one that has ended stays as it is.
   * @param why for the person who waits.
   */
  interrupt(turn: Turn, why: string): void {
    if (this.#runs.interrupt(turn, why) || !this.#backlog.has(turn)) return;
    const session = this.#sessions.get(turn.message.session);
    const place = session?.queue.indexOf(turn) ?? -1;
    if (place === -1) return;
    session?.queue.splice(place, 1);
    this.#countWaiting(turn, false);
    void this.#endUnstarted(turn, why);
  }

  async #endUnstarted(turn: Turn, why: string): Promise<void> {
    // A turn that cannot be stored is forgotten anyway.
    const isStored = await this.#open.whenStored(turn).then(
      () => true,
      () => false,
    );
    if (isStored) await this.#end(turn, turn.ending('interrupted', why));
    this.#memory.release(turn);
    this.#startNext(turn.message.session);
    this.#startShort();
  }

  /** Cuts off the turns that run. @returns how many. */
  interruptRunning(): number {
    return this.#runs.interruptAll();
  }

  /** Leaves the turns that have not started to the next process, and tells whoever waits for them. @returns how many. */
  parkWaiting(): number {
    this.#parking = true;
    this.#backlog.park();
    return this.#backlog.size;
  }

  /** Tries once more to store the ends that are not stored, and leaves to the next process what fails then. */
  leaveUnstored(): Promise<void> {
    return this.#ends.leave();
  }

  /** What the journal has of the same message, unless it is open. */
  async #lookUp(message: Message): Promise<TurnRecord | undefined> {
    const record = this.#findRecord(message);
    if (record === undefined || !this.#parts.gate.refusal(message.kind)) return record;
    // Sent again later, it gets its first answer all the same.
    record.catch(() => undefined);
    return Promise.race([record, delay(LOOK_UP_MS, undefined, { ref: false })]);
  }

  #findRecord({ session, messageId, origin }: Message): Promise<TurnRecord | undefined> | undefined {
    const { journal } = this.#parts;
    if (messageId !== undefined) return fromStorage(journal.findMessage(session, messageId));
    const id = origin && this.repeats.find(origin, performance.now());
    return id === undefined || this.#open.find(id) ? undefined : fromStorage(journal.find(id));
  }

  #findOpen({ session, messageId, origin }: Message): Turn | undefined {
    if (messageId !== undefined) return this.#open.findMessage(session, messageId);
    const id = origin && this.repeats.find(origin, performance.now());
    return id === undefined ? undefined : this.#open.find(id);
  }

  #whenStored(turn: Turn): Promise<void> {
    return fromStorage(this.#open.whenStored(turn));
  }

  /** A turn that was not open when its record was read: as it ended, which may have been since. */
  async #restore(record: TurnRecord): Promise<Turn> {
    const now = record.endedAt === null ? ((await fromStorage(this.#parts.journal.find(record.id))) ?? record) : record;
    if (now.endedAt !== null) return Turn.restore(now);
    return this.#open.find(now.id) ?? this.#adopt(now);
  }

  /** It was stored although that was reported as failed, so nobody works on it yet. */
  #adopt(record: TurnRecord): Turn {
    this.takeOver([{ ...record, seq: 0, bytes: Buffer.byteLength(record.text) }]);
    this.#startNext(record.session);
    return this.#open.find(record.id) ?? Turn.restore(record);
  }

  /** The turn of a message that came before; under a drain, whoever repeats one that waits must not wait with it. */
  #repeat(turn: Turn): Submission {
    const refusal = this.#backlog.has(turn) ? this.#parts.gate.refusal(kindOf(turn)) : undefined;
    return refusal?.reason === 'draining'
      ? { kind: 'held', turn, repeated: true, refusal }
      : { kind: 'accepted', turn, repeated: true };
  }

  /** Decides on a new message and gives it its place, in one synchronous call. */
  #enter(message: Message): Submission {
    const turn = new Turn(message);
    const session = this.#sessions.get(message.session);
    const { open, perSession, intakeBytes } = this.#limits;
    if (this.#open.size >= open) return overloaded(open, 'turns');
    if (session && session.queue.length >= perSession) return overloaded(perSession, 'turns');
    if (!this.#memory.hasRoom(turn)) return overloaded(intakeBytes, 'bytes');
    return session ? this.#enterQueue(turn) : this.#enterIdle(turn);
  }

  /** A session that does nothing: the gate is asked once, and its word stands. */
  #enterIdle(turn: Turn): Submission {
    const { message } = turn;
    const admission = this.#parts.gate.admit(message.kind, { id: turn.id, session: message.session });
    if (!admission.admitted) return this.#refuse(turn, admission.refusal);
    const session = { queue: [], running: true };
    this.#sessions.set(message.session, session);
    turn.start(Date.now());
    this.#memory.holdText(turn);
    this.#track(turn, this.#parts.journal.accept(turn.toRecord()));
    void this.#run(turn, admission.ticket, session, this.#open.whenStored(turn));
    return { kind: 'accepted', turn, repeated: false };
  }

  #enterQueue(turn: Turn): Submission {
    const { kind, session } = turn.message;
    const refusal = this.#parts.gate.refusal(kind);
    if (refusal) return this.#refuse(turn, refusal);
    const submission = this.#store(turn, { kind: 'accepted', turn, repeated: false });
    this.#startNext(session);
    return submission;
  }

  #refuse(turn: Turn, refusal: Refusal): Submission {
    if (refusal.reason !== 'draining' || this.#parts.onDrain === 'refuse') {
      this.emit('refused', refusal);
      return { kind: 'refused', refusal };
    }
    return this.#store(turn, { kind: 'held', turn, repeated: false, refusal });
  }

  /** Stores a turn that waits, if there is room for it. */
  #store(turn: Turn, stored: Submission): Submission {
    const { backlogBytes } = this.#limits;
    if (this.#backlog.bytes + turn.bytes > backlogBytes) return overloaded(backlogBytes, 'bytes');
    this.#memory.holdText(turn);
    this.#queue(turn, this.#parts.journal.accept(turn.toRecord()));
    return stored;
  }

  #queue(turn: Turn, stored: Promise<void>): void {
    const name = turn.message.session;
    const session = this.#sessions.get(name) ?? { queue: [], running: false };
    this.#sessions.set(name, session);
    session.queue.push(turn);
    this.#countWaiting(turn, true);
    if (this.#parking) turn.park();
    this.#track(turn, stored);
    stored.then(
      () => this.#leaveTextToJournal(turn),
      () => {
        // It may have been taken out already, to be started once it is stored.
        const place = session.queue.indexOf(turn);
        if (place !== -1) session.queue.splice(place, 1);
        this.#countWaiting(turn, false);
        this.#memory.release(turn);
        this.#startNext(name);
        this.#startShort();
      },
    );
  }

  #track(turn: Turn, stored: Promise<void>): void {
    this.#open.add(turn, stored);
    this.repeats.add(turn.id, turn.fingerprint);
    stored.catch(() => this.repeats.remove(turn.id));
  }

  #leaveTextToJournal(turn: Turn): void {
    if (!this.#backlog.has(turn)) return;
    turn.dropText();
    this.#memory.release(turn);
    this.#startShort();
  }

  /** Starts turns that waited for memory, as far as there is some. */
  #startShort(): void {
    for (const name of this.#short) {
      const next = this.#sessions.get(name)?.queue[0];
      if (next && !this.#memory.hasRoom(next)) return;
      this.#short.delete(name);
      this.#startNext(name);
    }
  }

  #startNext(name: string): void {
    const session = this.#sessions.get(name);
    if (!session || session.running) return;
    const next = session.queue[0];
    if (next === undefined) {
      this.#sessions.delete(name);
      return;
    }
    if (!this.#memory.hasRoom(next)) {
      this.#short.add(name);
      return;
    }
    // Claimed before the gate is asked: its look at the marker may find the drain over, and that resumes us here.
    session.running = true;
    const admission = this.#parts.gate.admit(kindOf(next), { id: next.id, session: name });
    session.running = admission.admitted;
    if (!admission.admitted) return;
    session.queue.shift();
    this.#countWaiting(next, false);
    this.#memory.holdText(next);
    void this.#run(next, admission.ticket, session, this.#storeStart(next));
  }

  #countWaiting(turn: Turn, waits: boolean): void {
    if (waits) this.#backlog.add(turn);
    else this.#backlog.remove(turn);
    this.emit('waiting', this.#backlog.size);
  }

  async #storeStart(turn: Turn): Promise<void> {
    await this.#open.whenStored(turn);
    const at = Date.now();
    const text = await this.#parts.journal.start(turn.id, at);
    turn.start(at, text);
  }

  /**
   * Runs a turn once its start is stored, until its end is, then the next one of its session. Never rejects: whatever the
   * agent or the disk does, the ticket is released.
   */
  async #run(turn: Turn, ticket: Ticket, session: Session, started: Promise<void>): Promise<void> {
    const interrupted = this.#runs.begin(turn);
    const isBegun = await this.#isStored(turn, started);
    try {
      if (isBegun) {
        const end = await this.#runs.answer(turn, ticket, interrupted);
        this.#runs.over(turn);
        await this.#end(turn, end);
      }
    } finally {
      this.#runs.over(turn);
      this.#memory.release(turn);
      ticket.release();
    }
    session.running = false;
    if (isBegun || !this.#open.has(turn)) this.#startNext(turn.message.session);
    else this.#startAgainLater(turn, session);
    this.#startShort();
  }

  async #isStored(turn: Turn, started: Promise<void>): Promise<boolean> {
    try {
      await started;
      return true;
    } catch (error) {
      this.#parts.log.error({ err: error, turn: turn.id }, 'a turn could not be stored as started');
      if ((error as { code?: unknown }).code === NO_SUCH_TURN) this.#settle(turn, turn.ending('failed', GONE));
      return false;
    }
  }

  /** It is stored as accepted, so it is not lost; but a turn that is not stored as running must not run. */
  #startAgainLater(turn: Turn, session: Session): void {
    session.queue.unshift(turn);
    turn.dropText();
    this.#countWaiting(turn, true);
    if (this.#parking) turn.park();
    else setTimeout(() => this.#startNext(turn.message.session), STORAGE_RETRY_MS).unref();
  }

  /** Stores the end, then tells. Never rejects. */
  async #end(turn: Turn, end: TurnEnd): Promise<void> {
    if (await this.#ends.store(turn, end)) this.#settle(turn, end);
    else turn.park();
  }

  #settle(turn: Turn, end: TurnEnd): void {
    this.#open.remove(turn);
    this.repeats.ended(turn.id, { at: performance.now(), failed: end.status !== 'done' });
    turn.settle(end);
    this.emit('ended', turn);
  }
}

/** What was cut off has been let in before; it does not have to pass a drain again. */
function kindOf(turn: Turn): TurnKind {
  return turn.attempts > 0 ? 'internal' : turn.message.kind;
}

const LOST =
  'The gateway was restarted in the middle of this turn, and it must not be run twice. Write again to resume.';
const GONE = 'The gateway has lost this message; send it again.';
