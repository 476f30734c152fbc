import type { NewDelivery } from './delivery-store.ts';

/** Something that the people of a session are told: the end of a turn, or a notice. */
export interface SessionEvent {
  /**
   * Grows with every event of its session, and is never given twice there; what a reader resumes from. It says nothing
   * about events of other sessions.
   */
  readonly seq: number;
  readonly session: string;
  readonly type: 'turn' | 'notice';
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix ms. */
  readonly at: number;
}

/** An event before it has its place in the journal. */
export type NewEvent = Omit<SessionEvent, 'seq'>;

/** What is told to a session, and through which channels it goes out. */
export interface Announcement {
  readonly event: NewEvent;
  readonly deliveries: readonly NewDelivery[];
}

/** What sessions were told. */
export interface EventStore {
  /** Tells a session something, without a ledger. @returns the number of the event. */
  tell(announcement: Announcement): Promise<number>;
  /**
   * A number that no event of `session` so far exceeds, and every later one does: that of its last event while any is
   * kept; 0 when there is none.
   */
  lastEventSeq(session: string): Promise<number>;
  /**
   * The events of a session after `seq`, the oldest first, at most `limit`. The event whose data
   * makes it `maxBytes` in all is the last one.
   */
  eventsAfter(session: string, seq: number, limit: number, maxBytes?: number): Promise<SessionEvent[]>;
}
