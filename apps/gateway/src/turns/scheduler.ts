import type { Gate, Permit, TurnKind } from '../gate/gate.ts';
import { Backlog } from './backlog.ts';
import type { Turn } from './turn.ts';
import type { WorkingMemory } from './working-memory.ts';

/** A start that could not be stored is tried again after this, in ms. */
const STORAGE_RETRY_MS = 1_000;

/** The turns of one conversation: at most one runs, the others are queued in the order they came. */
interface Session {
  readonly queue: Turn[];
  isRunning: boolean;
}

/** Whether a turn has run to its end, or has to be started again because its start could not be stored. */
export type RunOutcome = 'ended' | 'not-started';

export interface SchedulerParts {
  readonly gate: Gate;
  readonly memory: WorkingMemory;
  /** Stores that a turn of the queue starts. */
  storeStart(turn: Turn): Promise<void>;
  /** Runs a turn once its start is stored, and stores its end. Never rejects. */
  run(turn: Turn, permit: Permit, started: Promise<void>): Promise<RunOutcome>;
  /** The number of queued turns has changed. */
  onQueued(count: number): void;
}

/** Starts turns in the order they came: one at a time in a session, where the gate admits it and memory has room. */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #sessions = new Map<string, Session>();
  readonly #backlog = new Backlog();
  /** Sessions whose next turn needs memory, in order. */
  readonly #short = new Set<string>();
  /** Whether what is queued is left to the next process. */
  #isLeaving = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  /** Queued turns of all sessions. */
  get queued(): { readonly size: number; readonly bytes: number } {
    return this.#backlog;
  }

  isQueued(turn: Turn): boolean {
    return this.#backlog.has(turn);
  }

  /** How many turns are queued in a session; `undefined` for one in which none runs either. */
  queueLength(session: string): number | undefined {
    return this.#sessions.get(session)?.queue.length;
  }

  /** Runs the first turn of a session, which the gate has admitted. */
  runFirst(turn: Turn, permit: Permit, started: Promise<void>): void {
    const session = { queue: [], isRunning: true };
    this.#sessions.set(turn.message.session, session);
    void this.#run(turn, permit, session, started);
  }

  /** Puts a turn behind those of its session. @param stored rejects when it could not be stored; it is then removed. */
  enqueue(turn: Turn, stored: Promise<void>): void {
    const name = turn.message.session;
    const session = this.#sessions.get(name) ?? { queue: [], isRunning: false };
    this.#sessions.set(name, session);
    session.queue.push(turn);
    this.#count(turn, true);
    if (this.#isLeaving) turn.leave();
    stored.then(
      () => this.#leaveTextToJournal(turn),
      () => {
        // It may have been taken out already, to be started once it is stored.
        this.#takeOut(turn);
        this.leave(turn);
      },
    );
  }

  /** Takes a queued turn out, which {@link leave} has to follow. @returns whether it was queued. */
  remove(turn: Turn): boolean {
    return this.#backlog.has(turn) && this.#takeOut(turn);
  }

  /** Makes room for others where a turn is gone. */
  leave(turn: Turn): void {
    this.#parts.memory.release(turn);
    this.startNext(turn.message.session);
    this.#startShort();
  }

  /** Starts what was queued while the gate was shut. */
  resume(): void {
    for (const name of this.#sessions.keys()) this.startNext(name);
  }

  /** Leaves the queued turns to the next process, and resolves those who wait for them. @returns how many. */
  leaveQueued(): number {
    this.#isLeaving = true;
    this.#backlog.leave();
    return this.#backlog.size;
  }

  /** Starts the next turn of a session, if one can start. */
  startNext(name: string): void {
    const { gate, memory, storeStart } = this.#parts;
    const session = this.#sessions.get(name);
    if (!session || session.isRunning) return;
    const next = session.queue[0];
    if (next === undefined) {
      this.#sessions.delete(name);
      return;
    }
    if (!memory.hasRoom(next)) {
      this.#short.add(name);
      return;
    }
    // Claimed before the gate is asked: its look at the marker may find the drain over, and that resumes us here.
    session.isRunning = true;
    const admission = gate.admit(kindOf(next), { id: next.id, session: name });
    session.isRunning = admission.admitted;
    if (!admission.admitted) return;
    session.queue.shift();
    this.#count(next, false);
    memory.holdText(next);
    void this.#run(next, admission.permit, session, storeStart(next));
  }

  /** Starts turns that need memory, as far as there is some. */
  #startShort(): void {
    for (const name of this.#short) {
      const next = this.#sessions.get(name)?.queue[0];
      if (next && !this.#parts.memory.hasRoom(next)) return;
      this.#short.delete(name);
      this.startNext(name);
    }
  }

  /** Never rejects: whatever the agent or the disk does, the permit is released. */
  async #run(turn: Turn, permit: Permit, session: Session, started: Promise<void>): Promise<void> {
    let outcome: RunOutcome = 'ended';
    try {
      outcome = await this.#parts.run(turn, permit, started);
    } finally {
      this.#parts.memory.release(turn);
      permit.release();
    }
    session.isRunning = false;
    if (outcome === 'ended') this.startNext(turn.message.session);
    else this.#startAgainLater(turn, session);
    this.#startShort();
  }

  /** It is stored as accepted, so it is not lost; but a turn that is not stored as running must not run. */
  #startAgainLater(turn: Turn, session: Session): void {
    session.queue.unshift(turn);
    turn.dropText();
    this.#count(turn, true);
    if (this.#isLeaving) turn.leave();
    else setTimeout(() => this.startNext(turn.message.session), STORAGE_RETRY_MS).unref();
  }

  #leaveTextToJournal(turn: Turn): void {
    if (!this.#backlog.has(turn)) return;
    turn.dropText();
    this.#parts.memory.release(turn);
    this.#startShort();
  }

  #takeOut(turn: Turn): boolean {
    const queue = this.#sessions.get(turn.message.session)?.queue ?? [];
    const place = queue.indexOf(turn);
    if (place !== -1) queue.splice(place, 1);
    this.#count(turn, false);
    return place !== -1;
  }

  #count(turn: Turn, isQueued: boolean): void {
    if (isQueued) this.#backlog.add(turn);
    else this.#backlog.remove(turn);
    this.#parts.onQueued(this.#backlog.size);
  }
}

/** How the gate sees a turn: one that was cut off has been let in before, and need not pass a drain again. */
export function kindOf(turn: Turn): TurnKind {
  return turn.attempts > 0 ? 'internal' : turn.message.kind;
}
