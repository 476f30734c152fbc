import type { AgentProcess, CutOffTurn, Delivery, SessionEvent, TurnEnd, TurnQuery, TurnRecord } from './records.ts';

/** An event before it has its place in the journal. */
export type NewEvent = Omit<SessionEvent, 'seq'>;

/** A delivery before it has its place in the journal. */
export type NewDelivery = Pick<Delivery, 'channel' | 'session' | 'event' | 'expiresAt'>;

/** What is told to a session, and through which channels it goes out. */
export interface Announcement {
  readonly event: NewEvent;
  readonly deliveries: readonly NewDelivery[];
}

/**
 * What a gateway must not forget. A promise that writes is fulfilled when the write would survive a power cut, and
 * rejects when nothing was written. Writes take effect in the order of the calls, and calls are answered in the order
 * in which they took effect: nobody reads what is older than an answer that has been given.
 */
export interface Journal {
  /** Stores a new turn, as `accepted` or already `running`. */
  accept(turn: TurnRecord): Promise<void>;
  /** An accepted turn begins. */
  start(id: string, at: number): Promise<void>;
  /** The agent has started a process for a running turn, in place of an earlier one. */
  recordAgentProcess(id: string, process: AgentProcess): Promise<void>;
  /** The turns that are running or were when the process before ended. */
  cutOffTurns(): Promise<CutOffTurn[]>;
  /** A turn ends, and its session is told in the same breath. @returns the number of the event. */
  end(id: string, end: TurnEnd, announcement: Announcement): Promise<number>;
  find(id: string): Promise<TurnRecord | undefined>;
  findMessage(session: string, messageId: string): Promise<TurnRecord | undefined>;
  /** Turns that have not ended, in the order they were accepted. */
  unfinished(): Promise<TurnRecord[]>;
  turns(query: TurnQuery): Promise<TurnRecord[]>;

  /**
   * Records that `session` is told about `drain`, unless it was told before.
   * @returns the number of the event, or `undefined` when it was told before.
   */
  tellOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined>;
  /** Sessions that were told about a drain and not yet that it is over. */
  toldSessions(): Promise<string[]>;
  /** Tells a session that the drain is over. @returns the number of the event. */
  tellBack(session: string, announcement: Announcement): Promise<number>;
  /** Tells a session something, without a ledger. @returns the number of the event. */
  tell(announcement: Announcement): Promise<number>;
  /** The last event there is, of any session; 0 when there is none. */
  lastEventSeq(): Promise<number>;
  /** The events of a session after `seq`, the oldest first, at most `limit`. */
  eventsAfter(session: string, seq: number, limit: number): Promise<SessionEvent[]>;

  /** Deliveries of a channel that have not arrived, in order. */
  deliveries(channel: string): Promise<Delivery[]>;
  /** The oldest of each session among them, those that are due first, at most `limit`. */
  nextDeliveries(channel: string, limit: number): Promise<Delivery[]>;
  delivered(seq: number): Promise<void>;
  /** A try failed; the next one is not before `nextAt`, or never when that is `null`. */
  deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void>;

  /**
   * Forgets what was over before `before` (Unix ms): turns, events, notices taken back, deliveries given up. At most
   * `limit` rows. @returns how many.
   */
  prune(before: number, limit: number): Promise<number>;
  /** Commits since the start, for metrics. */
  readonly commits: number;
  /** Writes what is pending and closes. Later writes reject. */
  close(): Promise<void>;
}
