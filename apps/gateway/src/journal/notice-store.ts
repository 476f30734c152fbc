import type { Announcement } from './event-store.ts';

/** The sessions that were notified about each drain, so that a restart does not repeat a notice. */
export interface NoticeStore {
  /**
   * Records the notice of `session` about `drain`, unless there was one before.
   * @returns the number of the event, or `undefined` if there was one before.
   */
  recordNoticeOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined>;
  /** The last drain with a notified session that is not notified of its end yet; `null` for none. */
  notifiedDrain(): Promise<string | null>;
  /** Sessions that were notified about a drain and not about its end yet, in order, after `after`, at most `limit`. */
  notifiedSessions(after: string, limit: number): Promise<string[]>;
  /** Records the notice of a session about the end of the drain. @returns the number of the event. */
  recordDrainEnd(session: string, announcement: Announcement): Promise<number>;
}
