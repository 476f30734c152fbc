import type { Gate, Permit, TurnKind } from '../gate/gate.ts';
import { Backlog } from './backlog.ts';
import type { RunOutcome } from './runner.ts';
import type { Turn } from './turn.ts';
import type { WorkingMemory } from './working-memory.ts';

/** Retry delay for a start that could not be stored, in ms. */
const STORAGE_RETRY_MS = 1_000;

/** The turns of one session: at most one runs, the others are queued in FIFO order. */
interface Session {
  readonly queue: Turn[];
  isRunning: boolean;
}

export interface SchedulerParts {
  readonly gate: Gate;
  readonly memory: WorkingMemory;
  /** Stores the start of a queued turn. */
  storeStart(turn: Turn): Promise<void>;
  /** Runs a turn after its start is stored, and stores its end. Never rejects. */
  run(turn: Turn, permit: Permit, started: Promise<void>): Promise<RunOutcome>;
  /** Called when the number of queued turns changes. */
  onQueued(count: number): void;
}

/** Starts turns in FIFO order: one at a time per session, if the gate admits it and memory is available. */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #sessions = new Map<string, Session>();
  readonly #backlog = new Backlog();
  /** Sessions whose next turn needs memory, in order. */
  readonly #short = new Set<string>();
  /** Whether the queued turns are left to the next process. */
  #isLeaving = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  /** Queued turns of all sessions. */
  get queued(): Pick<Backlog, 'size' | 'bytes' | 'reserve' | 'recount'> {
    return this.#backlog;
  }

  isQueued(turn: Turn): boolean {
    return this.#backlog.has(turn);
  }

  /** Number of queued turns in a session; `undefined` for a session without turns. */
  queueLength(session: string): number | undefined {
    return this.#sessions.get(session)?.queue.length;
  }

  /** Runs the first turn of a session, which the gate has admitted. */
  runFirst(turn: Turn, permit: Permit, started: Promise<void>): void {
    const session = { queue: [], isRunning: true };
    this.#sessions.set(turn.message.session, session);
    void this.#run(turn, permit, session, started);
  }

  /** Queues a turn in its session. @param stored rejects when it could not be stored; it is then removed. */
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
        // It may be removed already, to be started after it is stored.
        this.#takeOut(turn);
        this.leave(turn);
      },
    );
  }

  /** Removes a queued turn; call {@link leave} afterwards. @returns whether it was queued. */
  remove(turn: Turn): boolean {
    return this.#backlog.has(turn) && this.#takeOut(turn);
  }

  /** Frees the slot of a turn that is gone. */
  leave(turn: Turn): void {
    this.#parts.memory.release(turn);
    this.startNext(turn.message.session);
    this.#startShort();
  }

  /** Starts the turns that were queued while the gate was closed. */
  resume(): void {
    for (const name of this.#sessions.keys()) this.startNext(name);
  }

  /** Leaves the queued turns to the next process, and answers the clients that wait for them. @returns how many. */
  leaveQueued(): number {
    this.#isLeaving = true;
    this.#backlog.leave();
    return this.#backlog.size;
  }

  /** Starts the next turn of a session if possible. */
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
    // Claim it before asking the gate: the gate reads the marker, may find that the drain has ended, and then resumes
    // us here.
    session.isRunning = true;
    const admission = gate.admit(kindOf(next), { id: next.id, session: name });
    session.isRunning = admission.admitted;
    if (!admission.admitted) return;
    session.queue.shift();
    this.#count(next, false);
    memory.holdText(next);
    void this.#run(next, admission.permit, session, storeStart(next));
  }

  /** Starts turns that need memory, as far as memory is available. */
  #startShort(): void {
    for (const name of this.#short) {
      const next = this.#sessions.get(name)?.queue[0];
      if (next && !this.#parts.memory.hasRoom(next)) return;
      this.#short.delete(name);
      this.startNext(name);
    }
  }

  /** Never rejects: the permit is released whatever the agent or the disk does. */
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

/** The kind of a turn for the gate: an interrupted one was admitted before, so a drain does not refuse it. */
export function kindOf(turn: Turn): TurnKind {
  return turn.attempts > 0 ? 'internal' : turn.message.kind;
}
