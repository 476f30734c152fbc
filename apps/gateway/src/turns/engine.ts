import { EventEmitter } from 'node:events';
import type { Logger } from '@hermes/service-kit';
import type { Agent } from '../agents/agent.ts';
import type { Gate, Permit, Refusal } from '../gate/gate.ts';
import { fromStorage, StorageError } from '../journal/storage-error.ts';
import {
  NO_SUCH_TURN,
  type TurnEnd,
  type TurnRecord,
  type TurnStore,
  type UnfinishedTurn,
} from '../journal/turn-store.ts';
import type { EventComposer } from '../notices/event-composer.ts';
import type { Notices } from '../notices/notices.ts';
import type { StorageHealth } from '../storage/storage-health.ts';
import { Admission, type OnDrain } from './admission.ts';
import { AgentRuns } from './agent-runs.ts';
import { Ends } from './ends.ts';
import { LIMITS, type Limits } from './limits.ts';
import { OpenTurns } from './open-turns.ts';
import { Recognition } from './recognition.ts';
import type { Repeats } from './repeats.ts';
import { type RunOutcome, Scheduler } from './scheduler.ts';
import type { Submission } from './submission.ts';
import { type Message, Turn } from './turn.ts';
import { WorkingMemory } from './working-memory.ts';

export interface EngineParts {
  readonly gate: Gate;
  readonly agent: Agent;
  readonly journal: TurnStore;
  readonly eventComposer: EventComposer;
  readonly notices: Notices;
  readonly storage: StorageHealth;
  readonly onDrain: OnDrain;
  readonly log: Logger;
  /** Default: derived from the heap size. */
  readonly limits?: Limits;
}

/**
 * Runs turns: one at a time per session, and as many sessions in parallel as the memory allows. The gate decides when a
 * turn may start. Until `acceptMessages`, the engine refuses all messages: a repeated message may belong to a turn that
 * is not recovered yet. Emits `submitted` with the outcome of each message and `ended` with each ended turn. Emits
 * synchronously `refused` when the gate refuses a message, and `queued` when the number of queued turns changes.
 */
export class TurnEngine extends EventEmitter<{
  submitted: [Submission];
  ended: [Turn];
  refused: [Refusal];
  queued: [number];
}> {
  readonly #parts: EngineParts;
  readonly #open = new OpenTurns();
  readonly #recognition: Recognition;
  readonly #scheduler: Scheduler;
  readonly #admission: Admission;
  readonly #runs: AgentRuns;
  readonly #ends: Ends;
  #acceptsMessages = false;

  constructor(parts: EngineParts) {
    super();
    const { limits = LIMITS } = parts;
    const open = this.#open;
    const memory = new WorkingMemory(limits);
    const scheduler = new Scheduler({
      gate: parts.gate,
      memory,
      storeStart: (turn) => this.#storeStart(turn),
      run: (turn, permit, started) => this.#run(turn, permit, started),
      onQueued: (count) => this.emit('queued', count),
    });
    const accept = async (turn: Turn) =>
      this.#track(
        turn,
        parts.journal.accept(turn.toRecord()).then(() => undefined),
      );
    const onRefused = (refusal: Refusal) => void this.emit('refused', refusal);
    this.#parts = parts;
    this.#recognition = new Recognition({ ...parts, open, adopt: (record) => this.#adopt(record) });
    this.#scheduler = scheduler;
    this.#admission = new Admission({ ...parts, limits, memory, open, scheduler, accept, onRefused });
    this.#runs = new AgentRuns({ ...parts, limits, memory });
    this.#ends = new Ends(parts);
  }

  /** Maps requests to turns, and tracks the clients that wait for them. */
  get repeats(): Repeats {
    return this.#recognition.repeats;
  }

  /** Queued turns: behind another of their session, or until the end of a drain. */
  get queued(): number {
    return this.#scheduler.queued.size;
  }

  /** Sessions in which a turn is running. */
  get busySessions(): string[] {
    return this.#runs.sessions;
  }

  /** Whether all turns of the previous process are recovered. */
  get acceptsMessages(): boolean {
    return this.#acceptsMessages;
  }

  /** Ended turns whose end is not stored yet. */
  get unstored(): string[] {
    return this.#ends.unstored;
  }

  /**
   * Accepts a message durably, or returns why not. An accepted message runs at once, or after the earlier turns of its
   * session. A refusal does not wait for the disk.
   */
  async submit(message: Message): Promise<Submission> {
    const submission = await this.#submit(message);
    this.emit('submitted', submission);
    return submission;
  }

  /** A turn for reading; if it is open, its end can be awaited. */
  async find(id: string): Promise<Turn | undefined> {
    const open = this.#open.find(id);
    if (open) return open;
    const record = await this.#parts.journal.find(id);
    return record && Turn.restore(record);
  }

  /**
   * Recovers turns of the previous process: queued turns are queued again; running ones are replayed once if the agent
   * allows it, and reported as interrupted otherwise. Nothing starts before `resume`.
   */
  takeOver(records: readonly UnfinishedTurn[]): void {
    for (const record of records) {
      const turn = Turn.takeOver(record);
      const stored = this.#track(turn, Promise.resolve());
      const isLost = record.status === 'running' && (record.attempts > 1 || !this.#parts.agent.replayable);
      if (isLost) void this.#end(turn, turn.ending('interrupted', LOST));
      else this.#scheduler.enqueue(turn, stored);
    }
  }

  /** Accepts messages from now on: all turns of the previous process are recovered. */
  acceptMessages(): void {
    this.#acceptsMessages = true;
  }

  /** Starts the turns that were queued while the gate was closed. */
  resume(): void {
    this.#scheduler.resume();
  }

  /**
   * Interrupts a running or queued turn, asynchronously; an ended turn does not change.
   * @param why for the person who waits.
   */
  interrupt(turn: Turn, why: string): void {
    if (this.#runs.interrupt(turn, why)) return;
    if (this.#scheduler.remove(turn)) void this.#endUnstarted(turn, why);
  }

  /** Interrupts the running turns. @returns how many. */
  interruptRunning(): number {
    return this.#runs.interruptAll();
  }

  /** Leaves the queued turns to the next process, and answers the clients that wait for them. @returns how many. */
  leaveQueued(): number {
    return this.#scheduler.leaveQueued();
  }

  /** Tries once more to store the missing ends, and leaves those that fail to the next process. */
  leaveUnstored(): Promise<void> {
    return this.#ends.leave();
  }

  async #submit(message: Message): Promise<Submission> {
    if (!this.#acceptsMessages) return { kind: 'refused', refusal: { reason: 'starting' } };
    try {
      const record = await this.#recognition.lookUp(message);
      // No await between here and the gate: the same message may arrive twice at the same time.
      const open = this.#recognition.findOpen(message);
      if (open) await this.#whenStored(open);
      const earlier = open ?? (record && (await this.#recognition.restore(record)));
      const submission = earlier ? this.#admission.repeat(earlier) : this.#admission.enter(message);
      if (submission.kind === 'accepted' || submission.kind === 'queued') await this.#whenStored(submission.turn);
      this.#notify(message, submission);
      return submission;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#parts.log.error({ err: error, session: message.session }, 'a message could not be stored');
      return { kind: 'unstored' };
    }
  }

  /** Notifies the session of a drain in the background: the answer does not wait for that. */
  #notify({ session, isAlone }: Message, submission: Submission): void {
    if (isAlone || (submission.kind !== 'queued' && submission.kind !== 'refused')) return;
    void this.#parts.notices.refused(session, submission.refusal, submission.kind === 'queued');
  }

  /** It was stored although that was reported as failed, so it is not running yet. */
  #adopt(record: TurnRecord): Turn {
    this.takeOver([{ ...record, seq: 0, bytes: Buffer.byteLength(record.text) }]);
    this.#scheduler.startNext(record.session);
    return this.#open.find(record.id) ?? Turn.restore(record);
  }

  #whenStored(turn: Turn): Promise<void> {
    return fromStorage(this.#open.whenStored(turn));
  }

  /** @returns `stored`. */
  #track(turn: Turn, stored: Promise<void>): Promise<void> {
    this.#open.add(turn, stored);
    this.repeats.add(turn.id, turn.fingerprint);
    stored.catch(() => this.repeats.remove(turn.id));
    return stored;
  }

  async #storeStart(turn: Turn): Promise<void> {
    await this.#open.whenStored(turn);
    const at = Date.now();
    const text = await this.#parts.journal.start(turn.id, at);
    turn.start(at, text);
  }

  /** Runs a turn after its start is stored, until its end is stored. Never rejects. */
  async #run(turn: Turn, permit: Permit, started: Promise<void>): Promise<RunOutcome> {
    const interrupted = this.#runs.begin(turn);
    try {
      if (!(await this.#isStored(turn, started))) return this.#open.has(turn) ? 'not-started' : 'ended';
      const end = await this.#runs.answer(turn, permit, interrupted);
      this.#runs.over(turn);
      await this.#end(turn, end);
      return 'ended';
    } finally {
      this.#runs.over(turn);
    }
  }

  async #isStored(turn: Turn, started: Promise<void>): Promise<boolean> {
    try {
      await started;
      return true;
    } catch (error) {
      this.#parts.log.error({ err: error, turn_id: turn.id }, 'a turn could not be stored as started');
      if ((error as { code?: unknown }).code === NO_SUCH_TURN) this.#settle(turn, turn.ending('failed', GONE));
      return false;
    }
  }

  async #endUnstarted(turn: Turn, why: string): Promise<void> {
    // A turn that cannot be stored is dropped anyway.
    const isStored = await this.#open.whenStored(turn).then(
      () => true,
      () => false,
    );
    if (isStored) await this.#end(turn, turn.ending('interrupted', why));
    this.#scheduler.leave(turn);
  }

  /** Stores the end, then publishes it. Never rejects. */
  async #end(turn: Turn, end: TurnEnd): Promise<void> {
    if (await this.#ends.store(turn, end)) this.#settle(turn, end);
    else turn.leave();
  }

  #settle(turn: Turn, end: TurnEnd): void {
    this.#open.remove(turn);
    this.repeats.ended(turn.id, { at: performance.now(), failed: end.status !== 'done' });
    turn.settle(end);
    this.emit('ended', turn);
  }
}

const LOST = 'The gateway was restarted during this turn, and the turn must not run twice. Write again to resume.';
const GONE = 'The gateway lost this message: send it again.';
