import type { Announcement } from './event-store.ts';

/** Which sessions were told about which drains, so that a restart does not repeat it. */
export interface NoticeStore {
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
}
