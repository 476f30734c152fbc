/** Identifies a request that has no id of its own. */
export interface Origin {
  /** A hash of everything that is equal when the same client repeats the same request. */
  readonly fingerprint: string;
  /** Whether the client marks the request as a retry. */
  readonly isRetry: boolean;
}

/** A client that waits for the answer of a turn. */
export interface Attendance {
  /**
   * @param answered whether the client got the answer. @returns whether the turn is still running and has no other
   * client.
   */
  leave(answered: boolean): boolean;
}

/** How long after its end a turn still matches the same request, in ms. */
export const REPEAT_WINDOWS = {
  /** If no client got its answer. */
  unanswered: 600_000,
  /** If its answer was sent, and the client marks the request as a retry. */
  retry: 30_000,
  /** If it failed, and the client got the error. */
  failed: 10_000,
} as const;

/** Maximum number of remembered ended turns; the oldest are dropped. */
const MAX_ENDED = 10_000;

/** The same of one request: a client that sends the same text all the time must not slow itself down. */
const MAX_ENDED_SAME = 100;

interface Known {
  readonly turn: string;
  readonly fingerprint: string | undefined;
  /** Clients that wait for its answer, with the one that {@link Repeats.attend} does not know yet. */
  clients: number;
  /** Whether the client that sent the message is not known yet: it waits until the message is stored. */
  isArriving: boolean;
  isAnswered: boolean;
  end?: { readonly at: number; readonly failed: boolean };
}

/**
 * Finds the turn of a repeated request without an id. A request is a repetition if the client marks it as a retry, or
 * disconnected without an answer, for example after a timeout, or has just got an error. The same request of a client
 * that has got its answer, or still waits for it, is a new message. Times are in ms of a monotonic clock.
 */
export class Repeats {
  readonly #byTurn = new Map<string, Known>();
  readonly #byFingerprint = new Map<string, Set<Known>>();
  /** In the order of their ends. */
  readonly #ended = new Set<Known>();

  /**
   * Call it when a turn is accepted, before it is stored. @param isNew whether the client of a request without an id is
   * there and calls {@link attend} as soon as the turn is stored: until then, equal requests are new messages.
   */
  add(turn: string, fingerprint: string | undefined, isNew = false): void {
    // The answer to any other message may have no client that waits, for example in a channel.
    const isArriving = isNew && fingerprint !== undefined;
    const known = { turn, fingerprint, clients: isArriving ? 1 : 0, isArriving, isAnswered: false };
    this.#byTurn.set(turn, known);
    if (fingerprint === undefined) return;
    const same = this.#byFingerprint.get(fingerprint);
    if (same) same.add(known);
    else this.#byFingerprint.set(fingerprint, new Set([known]));
  }

  /** Call it when a client begins to wait for a turn. @returns the client, which reports its end. */
  attend(turn: string): Attendance {
    const known = this.#byTurn.get(turn);
    if (known === undefined) return { leave: () => false };
    if (known.isArriving) known.isArriving = false;
    else known.clients += 1;
    return {
      leave: (answered) => {
        known.clients -= 1;
        known.isAnswered ||= answered;
        this.#supersede(known);
        return known.clients === 0 && !known.isAnswered && known.end === undefined;
      },
    };
  }

  /** Whether a client waits for the answer. */
  isAttended(turn: string): boolean {
    return (this.#byTurn.get(turn)?.clients ?? 0) > 0;
  }

  ended(turn: string, end: { readonly at: number; readonly failed: boolean }): void {
    const known = this.#byTurn.get(turn);
    if (known === undefined) return;
    known.end = end;
    if (known.fingerprint === undefined) this.#forget(known);
    else this.#remember(known, known.fingerprint);
    this.#supersede(known);
    for (const oldest of this.#ended) {
      const isOld = (oldest.end?.at ?? 0) < end.at - REPEAT_WINDOWS.unanswered;
      if (this.#ended.size <= MAX_ENDED && !isOld) break;
      this.#forget(oldest);
    }
  }

  /** Call it when the turn could not be stored. */
  remove(turn: string): void {
    const known = this.#byTurn.get(turn);
    if (known) this.#forget(known);
  }

  /** The id of the turn of a request, if the request is a repetition. */
  find({ fingerprint, isRetry }: Origin, now: number): string | undefined {
    const same = [...(this.#byFingerprint.get(fingerprint) ?? [])].filter((known) => isSame(known, isRetry, now));
    // Of several equal requests, prefer one whose client disconnected.
    return (same.findLast(({ clients, isAnswered }) => clients === 0 && !isAnswered) ?? same.at(-1))?.turn;
  }

  /** Remembers an ended turn, in place of the oldest one of many with the same request. */
  #remember(known: Known, fingerprint: string): void {
    this.#ended.add(known);
    const same = this.#byFingerprint.get(fingerprint);
    if (same === undefined || same.size <= MAX_ENDED_SAME) return;
    const oldest = Iterator.from(same).find(({ end }) => end !== undefined);
    if (oldest) this.#forget(oldest);
  }

  /** Of the turns that have ended and were answered, a request can only repeat the newest. */
  #supersede(known: Known): void {
    if (known.fingerprint === undefined || !isSettled(known)) return;
    for (const earlier of this.#byFingerprint.get(known.fingerprint) ?? []) {
      if (earlier === known) return;
      if (isSettled(earlier)) this.#forget(earlier);
    }
  }

  #forget(known: Known): void {
    this.#byTurn.delete(known.turn);
    this.#ended.delete(known);
    if (known.fingerprint === undefined) return;
    const same = this.#byFingerprint.get(known.fingerprint);
    same?.delete(known);
    if (same?.size === 0) this.#byFingerprint.delete(known.fingerprint);
  }
}

/** Whether nothing more can happen to it. */
function isSettled({ clients, isAnswered, end }: Known): boolean {
  return end !== undefined && isAnswered && clients === 0;
}

function isSame({ clients, isAnswered, end }: Known, isRetry: boolean, now: number): boolean {
  if (end === undefined) return isRetry || (clients === 0 && !isAnswered);
  const age = now - end.at;
  if (!isAnswered) return (isRetry || clients === 0) && age < REPEAT_WINDOWS.unanswered;
  if (isRetry) return age < REPEAT_WINDOWS.retry;
  return end.failed && age < REPEAT_WINDOWS.failed;
}
