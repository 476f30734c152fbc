import type {
  AgentProcess,
  CutOffTurn,
  Delivery,
  PendingDelivery,
  PrunableTable,
  PruneResult,
  PruneStep,
  SessionEvent,
  TurnEnd,
  TurnQuery,
  TurnRecord,
  UnfinishedTurn,
} from './records.ts';

/** An event before it has its place in the journal. */
export type NewEvent = Omit<SessionEvent, 'seq'>;

/** A delivery before it has its place in the journal. */
export type NewDelivery = Pick<Delivery, 'channel' | 'session' | 'event' | 'expiresAt'>;

/** What is told to a session, and through which channels it goes out. */
export interface Announcement {
  readonly event: NewEvent;
  readonly deliveries: readonly NewDelivery[];
}

/** `code` of the error for a turn that the journal does not have, or has as ended: trying again cannot help. */
export const NO_SUCH_TURN = 'ERR_NO_SUCH_TURN';

/**
 * What a gateway must not forget. A promise that writes is fulfilled when the write would survive a power cut, and
 * rejects when nothing was written. Writes take effect in the order of the calls, and calls are answered in the order
 * in which they took effect: nobody reads what is older than an answer that has been given.
 */
export interface Journal {
  /**
   * Stores a new turn, as `accepted` or already `running`. Rejects with a {@link JournalLostError} where the journal's
   * files are gone, so that the turn would be gone with the process.
   */
  accept(turn: TurnRecord): Promise<void>;
  /** An accepted turn begins. @returns its text. @throws Error with the code {@link NO_SUCH_TURN}. */
  start(id: string, at: number): Promise<string>;
  /**
   * The agent has started a process for a running turn, in place of an earlier one.
   * @throws Error with the code {@link NO_SUCH_TURN}.
   */
  recordAgentProcess(id: string, process: AgentProcess): Promise<void>;
  /** The turns that are running or were when the process before ended. */
  cutOffTurns(): Promise<CutOffTurn[]>;
  /**
   * A turn ends, and its session is told in the same breath. @returns the number of the event.
   * @throws Error with the code {@link NO_SUCH_TURN}.
   */
  end(id: string, end: TurnEnd, announcement: Announcement): Promise<number>;
  find(id: string): Promise<TurnRecord | undefined>;
  findMessage(session: string, messageId: string): Promise<TurnRecord | undefined>;
  /** Turns that have not ended, in the order they were accepted, after the one at `after`, at most `limit`. */
  unfinished(after: number, limit: number): Promise<UnfinishedTurn[]>;
  turns(query: TurnQuery): Promise<TurnRecord[]>;

  /**
   * Records that `session` is told about `drain`, unless it was told before.
   * @returns the number of the event, or `undefined` when it was told before.
   */
  recordNoticeOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined>;
  /** The last drain that any session was told about and not yet that it is over; `null` for none. */
  toldDrain(): Promise<string | null>;
  /** Sessions that were told about a drain and not yet that it is over, in order, after `after`, at most `limit`. */
  notifiedSessions(after: string, limit: number): Promise<string[]>;
  /** Tells a session that the drain is over. @returns the number of the event. */
  recordDrainEnd(session: string, announcement: Announcement): Promise<number>;
  /** Tells a session something, without a ledger. @returns the number of the event. */
  tell(announcement: Announcement): Promise<number>;
  /** What tells this journal apart from a later one at its place: 12 hexadecimal digits. */
  identity(): Promise<string>;
  /** The last event there is, of any session; 0 when there is none. */
  lastEventSeq(): Promise<number>;
  /**
   * The events of a session after `seq`, the oldest first, at most `limit`. The event whose data
   * makes it `maxBytes` in all is the last one.
   */
  eventsAfter(session: string, seq: number, limit: number, maxBytes?: number): Promise<SessionEvent[]>;

  /** Deliveries of a channel that have not arrived, in order. */
  deliveries(channel: string): Promise<Delivery[]>;
  /** The oldest of each session among them, those that are due first, at most `limit`. */
  nextDeliveries(channel: string, limit: number): Promise<PendingDelivery[]>;
  /** A delivery with what it tells; `undefined` when it is not kept any more. */
  findDelivery(seq: number): Promise<Delivery | undefined>;
  delivered(seq: number): Promise<void>;
  /** A try failed; the next one is not before `nextAt`, or never when that is `null`. */
  deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void>;

  /** Forgets, among some rows, what is old: turns that ended, events, notices taken back, deliveries given up. */
  prune(table: PrunableTable, step: PruneStep): Promise<PruneResult>;
  /** Writes something that changes nothing. Rejects while nothing can be written. */
  probe(): Promise<void>;
  /** Commits since the start, for metrics. */
  readonly commits: number;
  /** Writes what is pending and closes. Later writes reject. */
  close(): Promise<void>;
}
