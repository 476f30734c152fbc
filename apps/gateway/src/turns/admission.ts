import type { Gate, Refusal } from '../gate/gate.ts';
import type { Limits } from './limits.ts';
import type { OpenTurns } from './open-turns.ts';
import { kindOf, type Scheduler } from './scheduler.ts';
import { overloaded, type Submission } from './submission.ts';
import { type Message, Turn } from './turn.ts';
import type { WorkingMemory } from './working-memory.ts';

/**
 * What happens to a message during a drain. With `handover`, another gateway that shares the journal runs it at once; if
 * there is none, it waits as with `queue`.
 */
export const ON_DRAIN = ['refuse', 'queue', 'handover'] as const;
export type OnDrain = (typeof ON_DRAIN)[number];

export interface AdmissionParts {
  readonly gate: Gate;
  readonly onDrain: OnDrain;
  readonly limits: Limits;
  readonly memory: WorkingMemory;
  readonly open: OpenTurns;
  readonly scheduler: Scheduler;
  /** Stores a turn, which counts as open from now on. Rejects when it could not be stored. */
  accept(turn: Turn): Promise<void>;
  /** Called when the gate refuses a message, before the answer. */
  onRefused(refusal: Refusal): void;
}

/** Admits messages, and queues or starts them. */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Decides on a new message, in one synchronous call. */
  enter(message: Message): Submission {
    const { limits, memory, open, scheduler } = this.#parts;
    const turn = new Turn(message);
    const queued = scheduler.queueLength(message.session);
    if (open.size >= limits.open) return overloaded(limits.open, 'turns');
    if (queued !== undefined && queued >= limits.perSession) return overloaded(limits.perSession, 'turns');
    if (!memory.hasRoom(turn)) return overloaded(limits.intakeBytes, 'bytes');
    return queued === undefined ? this.#enterIdle(turn) : this.#enterQueue(turn);
  }

  /**
   * The turn of a repeated message; during a drain, a client that repeats a queued message must not wait for the end of
   * the drain.
   */
  repeat(turn: Turn): Submission {
    const { gate, scheduler } = this.#parts;
    const refusal = scheduler.isQueued(turn) ? gate.refusal(kindOf(turn)) : undefined;
    return refusal?.reason === 'draining'
      ? { kind: 'queued', turn, repeated: true, refusal }
      : { kind: 'accepted', turn, repeated: true };
  }

  /** A session without turns: the gate decides once, and its decision is final. */
  #enterIdle(turn: Turn): Submission {
    const { gate, memory, scheduler, accept } = this.#parts;
    const { kind, session } = turn.message;
    const admission = gate.admit(kind, { id: turn.id, session });
    if (!admission.admitted) return this.#refuse(turn, admission.refusal);
    turn.start(Date.now());
    memory.holdText(turn);
    scheduler.runFirst(turn, admission.permit, accept(turn));
    return { kind: 'accepted', turn, repeated: false };
  }

  #enterQueue(turn: Turn): Submission {
    const { gate, scheduler } = this.#parts;
    const { kind, session } = turn.message;
    const refusal = gate.refusal(kind);
    if (refusal) return this.#refuse(turn, refusal);
    const submission = this.#enqueue(turn, { kind: 'accepted', turn, repeated: false });
    scheduler.startNext(session);
    return submission;
  }

  #refuse(turn: Turn, refusal: Refusal): Submission {
    if (refusal.reason !== 'draining' || this.#parts.onDrain === 'refuse') {
      this.#parts.onRefused(refusal);
      return { kind: 'refused', refusal };
    }
    return this.#enqueue(turn, { kind: 'queued', turn, repeated: false, refusal });
  }

  /** Queues a turn if the limits allow it. */
  #enqueue(turn: Turn, submission: Submission): Submission {
    const { limits, memory, scheduler, accept } = this.#parts;
    if (scheduler.queued.bytes + turn.bytes > limits.backlogBytes) return overloaded(limits.backlogBytes, 'bytes');
    memory.holdText(turn);
    scheduler.enqueue(turn, accept(turn));
    return submission;
  }
}
