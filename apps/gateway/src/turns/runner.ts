import type { Logger } from '@hermes/service-kit';
import type { Agent } from '../agents/agent.ts';
import type { Permit } from '../gate/gate.ts';
import type { Announcement } from '../journal/event-store.ts';
import { NO_SUCH_TURN, type TurnEnd, type TurnStore } from '../journal/turn-store.ts';
import type { EventComposer } from '../notices/event-composer.ts';
import type { StorageHealth } from '../storage/storage-health.ts';
import { AgentRuns } from './agent-runs.ts';
import type { Conversations } from './conversations.ts';
import { Ends } from './ends.ts';
import type { Limits } from './limits.ts';
import type { OpenTurns } from './open-turns.ts';
import type { Repeats } from './repeats.ts';
import type { Turn } from './turn.ts';
import type { WorkingMemory } from './working-memory.ts';

export interface RunnerParts {
  readonly agent: Agent;
  readonly journal: TurnStore;
  readonly eventComposer: EventComposer;
  readonly storage: StorageHealth;
  readonly log: Logger;
  readonly limits: Limits;
  readonly conversations: Conversations;
  readonly memory: WorkingMemory;
  readonly open: OpenTurns;
  readonly repeats: Repeats;
  /** Called with each turn whose agent starts here. */
  onStarted(turn: Turn): void;
  /** Called with each turn that has ended here. */
  onEnded(turn: Turn): void;
}

/** What differs when other gateways share the turns. */
export interface SharedRuns {
  /** Stores the end of a turn. @throws as {@link TurnStore.end}. */
  storeEnd(turn: Turn, end: TurnEnd, announcement: Announcement): Promise<unknown>;
  /** Called when this process does not own a turn any more that ran here. */
  onMoved(turn: Turn): void;
}

/** Whether a turn has ended or moved, or must be started again because its start could not be stored. */
export type RunOutcome = 'ended' | 'not-started';

/** Runs the agent for a turn, and stores and publishes what becomes of it. */
export class TurnRunner {
  readonly #parts: RunnerParts;
  readonly #runs: AgentRuns;
  readonly #ends: Ends;
  /** Running turns that other processes own now. */
  readonly #abandoned = new WeakSet<Turn>();
  #shared: SharedRuns | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#runs = new AgentRuns(parts);
    this.#ends = new Ends({ ...parts, storeEnd: (...end) => this.#storeEnd(...end) });
  }

  /** From now on, other gateways share the turns. */
  share(shared: SharedRuns): void {
    this.#shared = shared;
  }

  get agent(): Agent {
    return this.#parts.agent;
  }

  /** Sessions in which a turn is running. */
  get busySessions(): string[] {
    return this.#runs.sessions;
  }

  /** Ended turns whose end is not stored yet. */
  get unstored(): string[] {
    return this.#ends.unstored;
  }

  /** A new turn, open from now on. @param stored rejects when it could not be stored. @returns `stored`. */
  accept(turn: Turn, stored: Promise<void>): Promise<void> {
    return this.#open(turn, stored, true);
  }

  /** A turn of the journal, open from now on. */
  track(turn: Turn): Promise<void> {
    return this.#open(turn, Promise.resolve(), false);
  }

  #open(turn: Turn, stored: Promise<void>, isNew: boolean): Promise<void> {
    const { open, repeats } = this.#parts;
    open.add(turn, stored);
    repeats.add(turn.id, turn.fingerprint, isNew);
    stored.catch(() => repeats.remove(turn.id));
    return stored;
  }

  /** Stores the start of a turn that waited. */
  async storeStart(turn: Turn): Promise<void> {
    await this.#parts.open.whenStored(turn);
    const at = Date.now();
    turn.start(at, await this.#parts.journal.start(turn.id, at));
    // An edit may have made it longer.
    this.#parts.memory.holdText(turn);
  }

  /** Runs a turn after its start is stored, until its end is stored. Never rejects. */
  async run(turn: Turn, permit: Permit, started: Promise<void>): Promise<RunOutcome> {
    this.#abandoned.delete(turn);
    const interrupted = this.#runs.begin(turn);
    try {
      if (!(await this.#isStored(turn, started))) return this.#parts.open.has(turn) ? 'not-started' : 'ended';
      this.#parts.onStarted(turn);
      const end = await this.#runs.answer(turn, permit, interrupted);
      this.#runs.over(turn);
      if (this.#abandoned.has(turn)) this.#shared?.onMoved(turn);
      else await this.end(turn, end);
      return 'ended';
    } finally {
      this.#runs.over(turn);
    }
  }

  /** Stores the end, then publishes it. Never rejects. */
  async end(turn: Turn, end: TurnEnd): Promise<void> {
    const outcome = await this.#ends.store(turn, end);
    if (outcome === 'left') turn.leave();
    else if (outcome === 'gone' && this.#shared) this.#shared.onMoved(turn);
    else this.#settle(turn, end);
  }

  /** Publishes an end that another process has stored. */
  settleElsewhere(turn: Turn, end: TurnEnd): void {
    this.#parts.open.remove(turn);
    this.#parts.repeats.ended(turn.id, { at: performance.now(), failed: end.status !== 'done' });
    turn.settle(end);
  }

  /** Whether the agent works on the turn. */
  isRunning(turn: Turn): boolean {
    return this.#runs.has(turn);
  }

  /** Resolves when the agent does not work on the turn any more. */
  whenOver(turn: Turn): Promise<void> {
    return this.#runs.whenOver(turn);
  }

  /** @param why for the person who waits. @returns whether the turn is running. */
  interrupt(turn: Turn, why: string): boolean {
    return this.#runs.interrupt(turn, why);
  }

  /** Interrupts the running turns. @returns how many. */
  interruptAll(): number {
    return this.#runs.interruptAll();
  }

  /** Aborts the running turns, which other processes own now: nothing is stored for them. Resolves when they have ended. */
  async abandonAll(): Promise<void> {
    const turns = [...this.#runs.turns];
    for (const turn of turns) this.#abandoned.add(turn);
    this.#ends.abandon();
    this.#runs.interruptAll();
    await Promise.all(turns.map((turn) => this.whenOver(turn)));
  }

  /** Tries once more to store the missing ends, and leaves those that fail to the next process. */
  leaveUnstored(): Promise<void> {
    return this.#ends.leave();
  }

  #storeEnd(turn: Turn, end: TurnEnd, announcement: Announcement): Promise<unknown> {
    return this.#shared?.storeEnd(turn, end, announcement) ?? this.#parts.journal.end(turn.id, end, announcement);
  }

  async #isStored(turn: Turn, started: Promise<void>): Promise<boolean> {
    try {
      await started;
      return true;
    } catch (error) {
      this.#parts.log.error({ err: error, turn_id: turn.id }, 'a turn could not be stored as started');
      const isGone = (error as { code?: unknown }).code === NO_SUCH_TURN;
      if (isGone && this.#shared) this.#shared.onMoved(turn);
      else if (isGone) this.#settle(turn, turn.ending('failed', GONE));
      return false;
    }
  }

  #settle(turn: Turn, end: TurnEnd): void {
    this.settleElsewhere(turn, end);
    this.#parts.onEnded(turn);
  }
}

/** For the person whose turn is not in the journal any more. */
export const GONE = 'The gateway lost this message: send it again.';
