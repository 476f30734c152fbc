import type { Logger } from '@hermes/service-kit';
import type { Gate, Refusal } from '../gate/gate.ts';
import type { TurnContent, TurnRecord, TurnStore, UnfinishedTurn } from '../journal/turn-store.ts';
import type { OnDrain } from './admission.ts';
import type { Limits } from './limits.ts';
import type { OpenTurns } from './open-turns.ts';
import type { Revision } from './revision.ts';
import type { TurnRunner } from './runner.ts';
import type { Submission } from './submission.ts';
import type { Message, Turn } from './turn.ts';
import type { WorkingMemory } from './working-memory.ts';

export interface DispatcherParts {
  readonly gate: Gate;
  readonly journal: TurnStore;
  readonly onDrain: OnDrain;
  readonly limits: Limits;
  readonly memory: WorkingMemory;
  readonly open: OpenTurns;
  readonly runner: TurnRunner;
  readonly log: Logger;
  /** Called when the gate refuses a message, before the answer. */
  onRefused(refusal: Refusal): void;
  /** Called when the number of queued turns changes. */
  onQueued(count: number): void;
}

/** Decides which turn runs when: one at a time per session, in the order in which they were accepted. */
export interface Dispatcher {
  /** Turns of this gateway's clients that have not started. */
  readonly queued: number;
  /** Decides on a new message, in one synchronous call. */
  enter(message: Message): Submission;
  /**
   * The turn of a repeated message; during a drain, a client that repeats a queued message must not wait for the end of
   * the drain.
   */
  repeat(turn: Turn): Submission;
  /** Replaces what a turn says that has not started. @throws StorageError */
  revise(turn: Turn, content: TurnContent): Promise<Revision>;
  /** An open turn of the journal that is not open in this process. */
  adopt(record: TurnRecord): Turn;
  /** Recovers turns of a process that has ended. Nothing starts before `resume`. */
  takeOver(records: readonly UnfinishedTurn[]): void;
  /** Starts the turns that wait, when the gate has opened. */
  resume(): void;
  /** The gate has closed. */
  pause(): void;
  /** The turn is read as it grows. */
  watch(turn: Turn): void;
  /** Ends a turn that does not run here. @param why for the person who waits. */
  interruptWaiting(turn: Turn, why: string): void;
  /** This process starts no more turns: it leaves the queued ones to others. @returns how many. */
  leaveQueued(): number;
  /** From now on a message that this process does not run itself is refused. */
  endHandover(): void;
  /** Resolves when no client waits for a turn of another process, or `signal` aborts. */
  whenAnswered(signal: AbortSignal): Promise<void>;
  /** Accepts no more turns, leaves all to other processes, and answers the clients that wait. */
  close(): void;
}
