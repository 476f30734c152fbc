/** Identifies a request that has no id of its own. */
export interface Origin {
  /** A hash of everything that is the same when the same client sends the same request again. */
  readonly fingerprint: string;
  /** The client says that it sends it again. */
  readonly isRetry: boolean;
}

/** A client that waits for the answer of a turn. */
export interface Attendance {
  /** @param answered whether the client got the answer. @returns whether the turn is still running and has no client left. */
  leave(answered: boolean): boolean;
}

/** How long after its end a turn is still the turn of the same request, in ms. */
export const REPEAT_WINDOWS = {
  /** No client got its answer. */
  unanswered: 600_000,
  /** Its answer was sent, and the client says that it asks again. */
  retry: 30_000,
  /** It has failed, and that was answered. */
  failed: 10_000,
} as const;

/** Turns that have ended, of which the newest are remembered. */
const MAX_ENDED = 10_000;

interface Known {
  readonly turn: string;
  readonly fingerprint: string | undefined;
  /** That wait for its answer. */
  clients: number;
  isAnswered: boolean;
  end?: { readonly at: number; readonly failed: boolean };
}

/**
 * Finds the turn of a request that is sent again without an id: by a client that says so, or that has gone without an
 * answer, as after a timeout of its own, or that has just been told of a failure. The same request of a client that
 * has been answered, or that still waits, is another message. Times are in ms of a monotonic clock.
 */
export class Repeats {
  readonly #byTurn = new Map<string, Known>();
  readonly #byFingerprint = new Map<string, Set<Known>>();
  /** In the order of their ends. */
  readonly #ended = new Set<Known>();

  /** A turn has been accepted. */
  add(turn: string, fingerprint: string | undefined): void {
    const known = { turn, fingerprint, clients: 0, isAnswered: false };
    this.#byTurn.set(turn, known);
    if (fingerprint === undefined) return;
    const same = this.#byFingerprint.get(fingerprint);
    if (same) same.add(known);
    else this.#byFingerprint.set(fingerprint, new Set([known]));
  }

  /** A client waits for a turn from now on, until it leaves. */
  attend(turn: string): Attendance {
    const known = this.#byTurn.get(turn);
    if (known === undefined) return { leave: () => false };
    known.clients += 1;
    return {
      leave: (answered) => {
        known.clients -= 1;
        known.isAnswered ||= answered;
        return known.clients === 0 && !known.isAnswered && known.end === undefined;
      },
    };
  }

  ended(turn: string, end: { readonly at: number; readonly failed: boolean }): void {
    const known = this.#byTurn.get(turn);
    if (known === undefined) return;
    known.end = end;
    if (known.fingerprint === undefined) this.#forget(known);
    else this.#ended.add(known);
    for (const oldest of this.#ended) {
      const isOld = (oldest.end?.at ?? 0) < end.at - REPEAT_WINDOWS.unanswered;
      if (this.#ended.size <= MAX_ENDED && !isOld) break;
      this.#forget(oldest);
    }
  }

  /** It was not stored after all. */
  remove(turn: string): void {
    const known = this.#byTurn.get(turn);
    if (known) this.#forget(known);
  }

  /** The id of the turn that a request belongs to, if it came before. */
  find({ fingerprint, isRetry }: Origin, now: number): string | undefined {
    const same = [...(this.#byFingerprint.get(fingerprint) ?? [])].filter((known) => isSame(known, isRetry, now));
    // Of several equal requests, first one that lost its client.
    return (same.findLast(({ clients, isAnswered }) => clients === 0 && !isAnswered) ?? same.at(-1))?.turn;
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

function isSame({ clients, isAnswered, end }: Known, isRetry: boolean, now: number): boolean {
  if (end === undefined) return isRetry || (clients === 0 && !isAnswered);
  const age = now - end.at;
  if (!isAnswered) return (isRetry || clients === 0) && age < REPEAT_WINDOWS.unanswered;
  if (isRetry) return age < REPEAT_WINDOWS.retry;
  return end.failed && age < REPEAT_WINDOWS.failed;
}
