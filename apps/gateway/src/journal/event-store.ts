import type { NewDelivery } from './delivery-store.ts';

/** An event for the users of a session: the end of a turn, or a notice. */
export interface SessionEvent {
  /**
   * Grows with every event of its session, and is never reused there; a reader resumes from it. It does not order
   * events of different sessions.
   */
  readonly seq: number;
  readonly session: string;
  readonly type: 'turn' | 'notice';
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix ms. */
  readonly at: number;
}

/** An event that is not stored yet. */
export type NewEvent = Omit<SessionEvent, 'seq'>;

/** An event for a session, and the channels that deliver it. */
export interface Announcement {
  readonly event: NewEvent;
  readonly deliveries: readonly NewDelivery[];
}

/** The events of all sessions. */
export interface EventStore {
  /** Stores an event unconditionally. @returns the number of the event. */
  announce(announcement: Announcement): Promise<number>;
  /**
   * A number that is not below any event of `session` so far, and below every later one: the number of its last event
   * if one is stored; 0 when there is none.
   */
  lastEventSeq(session: string): Promise<number>;
  /**
   * The events of a session after `seq`, the oldest first, at most `limit`. The list ends with the event whose data
   * brings the total to `maxBytes`.
   */
  eventsAfter(session: string, seq: number, limit: number, maxBytes?: number): Promise<SessionEvent[]>;
}
