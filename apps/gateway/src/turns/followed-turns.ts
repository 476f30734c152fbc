import type { ReplyPiece } from '../journal/fleet.ts';
import type { TurnRecord } from '../journal/turn-store.ts';
import { Backlog } from './backlog.ts';
import type { Turn } from './turn.ts';

export interface FollowedTurnsParts {
  /** Reads a turn. Rejects when the journal cannot be read. */
  find(id: string): Promise<TurnRecord | undefined>;
  /** Called with a turn that has started elsewhere and is read as it grows. */
  onRead(turn: Turn): void;
  /** Called with a turn that has ended, whose record is `undefined` if it is not in the journal. */
  onEnded(turn: Turn, record: TurnRecord | undefined): void;
  /** Called when the number of waiting turns changes. */
  onWaiting(count: number): void;
}

/** Open turns that other gateways run or will run, for the clients of this one. */
export class FollowedTurns {
  readonly #parts: FollowedTurnsParts;
  readonly #bySession = new Map<string, Set<Turn>>();
  readonly #byId = new Map<string, Turn>();
  readonly #waiting = new Backlog();
  readonly #read = new WeakSet<Turn>();
  /** Turns that are being looked up, and whether there is later news of them. */
  readonly #lookups = new Map<Turn, { isStale: boolean }>();

  constructor(parts: FollowedTurnsParts) {
    this.#parts = parts;
  }

  /** Those that no gateway runs, as far as this one knows. */
  get waiting(): Pick<Backlog, 'size' | 'bytes' | 'reserve' | 'recount'> {
    return this.#waiting;
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  get turns(): Iterable<Turn> {
    return this.#byId.values();
  }

  has(turn: Turn): boolean {
    return this.#byId.has(turn.id);
  }

  /** How many turns of the session it follows. */
  countIn(session: string): number {
    return this.#bySession.get(session)?.size ?? 0;
  }

  add(turn: Turn): void {
    const { session } = turn.message;
    const same = this.#bySession.get(session);
    if (same) same.add(turn);
    else this.#bySession.set(session, new Set([turn]));
    this.#byId.set(turn.id, turn);
    this.#count(turn);
  }

  remove(turn: Turn): void {
    const { session } = turn.message;
    if (!this.#byId.delete(turn.id)) return;
    const same = this.#bySession.get(session);
    same?.delete(turn);
    if (same?.size === 0) this.#bySession.delete(session);
    this.#waiting.remove(turn);
    this.#parts.onWaiting(this.#waiting.size);
  }

  /** The turn is read as it grows. */
  watch(turn: Turn): void {
    this.#read.add(turn);
    if (this.has(turn) && turn.status === 'running') this.#parts.onRead(turn);
  }

  append(piece: ReplyPiece): void {
    this.#byId.get(piece.turn)?.appendPiece(piece);
  }

  /** There is news of the session. */
  lookAtSession(session: string): void {
    for (const turn of this.#bySession.get(session) ?? []) void this.look(turn);
  }

  /** Looks what has become of a turn. Never rejects: the next look may succeed. */
  async look(turn: Turn): Promise<void> {
    const current = this.#lookups.get(turn);
    if (current) {
      current.isStale = true;
      return;
    }
    const lookup = { isStale: true };
    this.#lookups.set(turn, lookup);
    try {
      while (lookup.isStale && this.has(turn)) {
        lookup.isStale = false;
        const record = await this.#parts.find(turn.id);
        if (this.has(turn)) this.#consider(turn, record);
      }
    } catch {
      // The journal reports its own problem.
    } finally {
      this.#lookups.delete(turn);
    }
  }

  #consider(turn: Turn, record: TurnRecord | undefined): void {
    if (record === undefined || record.endedAt !== null) {
      this.remove(turn);
      this.#parts.onEnded(turn, record);
      return;
    }
    const isNewStart = record.status === 'running' && (turn.status !== 'running' || turn.attempts !== record.attempts);
    turn.follow(record);
    // Another gateway may have taken an edit of it.
    turn.revise(record);
    this.#count(turn);
    if (isNewStart && this.#read.has(turn)) this.#parts.onRead(turn);
  }

  #count(turn: Turn): void {
    if (turn.status === 'running') this.#waiting.remove(turn);
    else this.#waiting.add(turn);
    this.#parts.onWaiting(this.#waiting.size);
  }
}
