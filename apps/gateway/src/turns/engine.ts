import { EventEmitter } from 'node:events';
import type { Logger } from '@hermes/service-kit';
import type { Agent, Model } from '../agents/agent.ts';
import type { Gate, Refusal } from '../gate/gate.ts';
import type { Fleet } from '../journal/fleet.ts';
import { fromStorage, StorageError } from '../journal/storage-error.ts';
import { DUPLICATE_TURN, type TurnStore, type UnfinishedTurn } from '../journal/turn-store.ts';
import type { EventComposer } from '../notices/event-composer.ts';
import type { Notices } from '../notices/notices.ts';
import type { StorageHealth } from '../storage/storage-health.ts';
import type { OnDrain } from './admission.ts';
import { type ConversationRules, Conversations } from './conversations.ts';
import type { Dispatcher, DispatcherParts } from './dispatcher.ts';
import { LIMITS, type Limits } from './limits.ts';
import { LocalDispatcher } from './local-dispatcher.ts';
import { OpenTurns } from './open-turns.ts';
import { Recognition } from './recognition.ts';
import type { Repeats } from './repeats.ts';
import type { Revision } from './revision.ts';
import { TurnRunner } from './runner.ts';
import { SharedDispatcher } from './shared-dispatcher.ts';
import type { Submission } from './submission.ts';
import { type Message, Turn } from './turn.ts';
import { WorkingMemory } from './working-memory.ts';

export interface EngineParts {
  readonly gate: Gate;
  readonly agent: Agent;
  readonly journal: TurnStore & { readonly fleet?: Fleet | undefined };
  readonly eventComposer: EventComposer;
  readonly notices: Notices;
  readonly storage: StorageHealth;
  readonly onDrain: OnDrain;
  /** Default: each message stands alone. */
  readonly conversation?: ConversationRules | undefined;
  readonly log: Logger;
  /** Default: derived from the heap size. */
  readonly limits?: Limits;
}

/**
 * Runs turns: one at a time per session, and as many sessions in parallel as the memory allows. The gate decides when a
 * turn may start. Until `acceptMessages`, the engine refuses all messages: a repeated message may belong to a turn that
 * is not recovered yet. Emits `submitted` with the outcome of each message, `started` with each turn whose agent starts
 * here, and `ended` with each turn that has ended here. Emits synchronously `refused` when the gate refuses a message, and `queued` when the number of queued turns
 * changes.
 */
export class TurnEngine extends EventEmitter<{
  submitted: [Submission];
  started: [Turn];
  ended: [Turn];
  refused: [Refusal];
  queued: [number];
}> {
  readonly #parts: EngineParts;
  readonly #open = new OpenTurns();
  readonly #recognition: Recognition;
  readonly #runner: TurnRunner;
  readonly #dispatcher: Dispatcher;
  #acceptsMessages = false;

  constructor(parts: EngineParts) {
    super();
    const { limits = LIMITS, conversation = ALONE } = parts;
    const open = this.#open;
    const memory = new WorkingMemory(limits);
    const recognition = new Recognition({ ...parts, open, adopt: (record) => this.#dispatcher.adopt(record) });
    const { repeats } = recognition;
    const conversations = new Conversations(parts.journal, conversation);
    const onStarted = (turn: Turn) => void this.emit('started', turn);
    const onEnded = (turn: Turn) => void this.emit('ended', turn);
    const runner = new TurnRunner({ ...parts, conversations, limits, memory, open, repeats, onStarted, onEnded });
    const dispatching: DispatcherParts = {
      ...parts,
      limits,
      memory,
      open,
      runner,
      onRefused: (refusal) => void this.emit('refused', refusal),
      onQueued: (count) => void this.emit('queued', count),
    };
    const { fleet } = parts.journal;
    this.#parts = parts;
    this.#recognition = recognition;
    this.#runner = runner;
    this.#dispatcher = fleet
      ? new SharedDispatcher({ ...dispatching, fleet, repeats })
      : new LocalDispatcher(dispatching);
  }

  /** Maps requests to turns, and tracks the clients that wait for them. */
  get repeats(): Repeats {
    return this.#recognition.repeats;
  }

  /** Whether the agent takes requests with a form. */
  get forwards(): boolean {
    return this.#parts.agent.forwards ?? false;
  }

  /** The name of the agent, and the kinds of parts besides text that it takes. */
  get agent(): Pick<Agent, 'name' | 'accepts'> {
    return this.#parts.agent;
  }

  /** The models of the agent, if it has some. @throws AgentError */
  async models(signal: AbortSignal): Promise<readonly Model[] | undefined> {
    return this.#parts.agent.models?.(signal);
  }

  /** Queued turns: behind another of their session, or until the end of a drain. */
  get queued(): number {
    return this.#dispatcher.queued;
  }

  /** Sessions in which a turn is running. */
  get busySessions(): string[] {
    return this.#runner.busySessions;
  }

  /** Whether all turns of the previous process are recovered. */
  get acceptsMessages(): boolean {
    return this.#acceptsMessages;
  }

  /** Ended turns whose end is not stored yet. */
  get unstored(): string[] {
    return this.#runner.unstored;
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

  /**
   * Replaces the content of a message that still waits for its turn. One that runs or has ended stays as it is, and one
   * that is not known counts as such.
   * @throws StorageError
   */
  async revise({ session, messageId = '', text, form }: Message): Promise<Revision> {
    const open = this.#open.findMessage(session, messageId);
    if (open) await this.#whenStored(open);
    const record = open ? undefined : await fromStorage(this.#parts.journal.findMessage(session, messageId));
    const turn = record?.status === 'accepted' ? await this.#recognition.restore(record) : open;
    if (turn?.status !== 'accepted') return 'too-late';
    return this.#dispatcher.revise(turn, { text, form: form ?? null });
  }

  /** A turn for reading; if it is open, its end can be awaited. */
  async find(id: string): Promise<Turn | undefined> {
    const open = this.#open.find(id);
    if (open) return open;
    const record = await this.#parts.journal.find(id);
    if (record === undefined || record.endedAt !== null || this.#parts.journal.fleet === undefined)
      return record && Turn.restore(record);
    return this.#open.find(id) ?? this.#dispatcher.adopt(record);
  }

  /** The reply of a turn as it grows, from its beginning, until it is over or `signal` aborts. */
  read(turn: Turn, signal: AbortSignal): AsyncIterable<string> {
    this.#dispatcher.watch(turn);
    return turn.chunks(signal);
  }

  /**
   * Recovers turns of the previous process: queued turns are queued again; running ones are replayed once if the agent
   * allows it, and reported as interrupted otherwise. Nothing starts before `resume`.
   */
  takeOver(records: readonly UnfinishedTurn[]): void {
    this.#dispatcher.takeOver(records);
  }

  /** Accepts messages from now on: all turns of the previous process are recovered. */
  acceptMessages(): void {
    this.#acceptsMessages = true;
  }

  /** Starts the turns that were queued while the gate was closed. */
  resume(): void {
    this.#dispatcher.resume();
  }

  /** The gate has closed: other gateways of the journal take the turns. */
  pause(): void {
    this.#dispatcher.pause();
  }

  /**
   * Interrupts a running or queued turn, asynchronously; an ended turn does not change.
   * @param why for the person who waits.
   */
  interrupt(turn: Turn, why: string): void {
    if (!this.#runner.interrupt(turn, why)) this.#dispatcher.interruptWaiting(turn, why);
  }

  /** Interrupts the running turns. @returns how many. */
  interruptRunning(): number {
    return this.#runner.interruptAll();
  }

  /** Leaves the queued turns to another process; if that is the next one, answers their clients. @returns how many. */
  leaveQueued(): number {
    return this.#dispatcher.leaveQueued();
  }

  /** Refuses what another gateway would run: with a shared journal, messages are accepted until then, also while it stops. */
  endHandover(): void {
    this.#dispatcher.endHandover();
  }

  /** Resolves when no client waits for a turn that another gateway runs, or `signal` aborts. */
  whenAnswered(signal: AbortSignal): Promise<void> {
    return this.#dispatcher.whenAnswered(signal);
  }

  /** Tries once more to store the missing ends, and leaves those that fail to the next process. */
  leaveUnstored(): Promise<void> {
    return this.#runner.leaveUnstored();
  }

  /** Accepts no more messages, and answers the clients that wait for turns of other gateways. */
  close(): void {
    this.#dispatcher.close();
  }

  async #submit(message: Message): Promise<Submission> {
    if (!this.#acceptsMessages) return { kind: 'refused', refusal: { reason: 'starting' } };
    try {
      return await this.#store(message);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (isDuplicate(error)) return this.#storeAgain(message);
      return this.#unstored(message, error);
    }
  }

  /** Another gateway has stored the same message at the same time. */
  async #storeAgain(message: Message): Promise<Submission> {
    try {
      return await this.#store(message);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return this.#unstored(message, error);
    }
  }

  #unstored({ session }: Message, error: StorageError): Submission {
    this.#parts.log.error({ err: error, session }, 'a message could not be stored');
    return { kind: 'unstored' };
  }

  /** @throws StorageError */
  async #store(message: Message): Promise<Submission> {
    const record = await this.#recognition.lookUp(message);
    // No await between here and the gate: the same message may arrive twice at the same time.
    const open = this.#recognition.findOpen(message);
    if (open) await this.#whenStored(open);
    const earlier = open ?? (record && (await this.#recognition.restore(record)));
    if (earlier && message.mustMatch && !(await this.#isSame(earlier, message))) return { kind: 'mismatched' };
    const submission = earlier ? this.#dispatcher.repeat(earlier) : this.#dispatcher.enter(message);
    if (submission.kind === 'accepted' || submission.kind === 'queued') await this.#whenStored(submission.turn);
    this.#notify(message, submission);
    return submission;
  }

  /** Whether the turn is of this message. @throws StorageError */
  async #isSame(turn: Turn, { form, text }: Message): Promise<boolean> {
    if (turn.message.form !== form) return false;
    const first = turn.hasText ? turn.text : (await fromStorage(this.#parts.journal.find(turn.id)))?.text;
    return first === undefined || first === text;
  }

  /**
   * Notifies the session of a drain in the background: the answer does not wait for that. Not if the drain has ended while
   * the message was stored: the end was announced to those that had been notified by then.
   */
  #notify({ session, isAlone }: Message, submission: Submission): void {
    if (isAlone || (submission.kind !== 'queued' && submission.kind !== 'refused')) return;
    if (this.#parts.gate.refusal('external') === undefined) return;
    void this.#parts.notices.refused(session, submission.refusal, submission.kind === 'queued');
  }

  #whenStored(turn: Turn): Promise<void> {
    return fromStorage(this.#open.whenStored(turn));
  }
}

const ALONE: ConversationRules = { history: { turns: 0, maxChars: 0 }, system: undefined };

function isDuplicate({ cause }: StorageError): boolean {
  return (cause as { code?: unknown }).code === DUPLICATE_TURN;
}
