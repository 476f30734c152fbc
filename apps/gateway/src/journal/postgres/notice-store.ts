import type { Announcement } from '../event-store.ts';
import type { NoticeStore } from '../notice-store.ts';
import { announcementOf } from './announcements.ts';
import type { Operations } from './operations.ts';
import type { Reads } from './reads.ts';
import { fromStored, toStored } from './stored-text.ts';

const SQL = {
  drain: 'select drain from drain_notices where gateway = $1 and back_at is null order by told_at desc limit 1',
  sessions: `select distinct session from drain_notices
    where gateway = $1 and back_at is null and session > $2 order by session limit $3`,
} as const;

/** The PostgreSQL implementation of the notices: those of the drains of one gateway. */
export class PostgresNoticeStore implements NoticeStore {
  readonly #operations: Operations;
  readonly #reads: Reads;
  readonly #gateway: string;

  /** @param gateway its stable name. */
  constructor(operations: Operations, reads: Reads, gateway: string) {
    this.#operations = operations;
    this.#reads = reads;
    this.#gateway = gateway;
  }

  async recordNoticeOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined> {
    const { result } = await this.#operations.run({
      op: 'notice',
      drain: toStored(drain),
      ...this.#notice(session, announcement),
    });
    return result.event as number | undefined;
  }

  async notifiedDrain(): Promise<string | null> {
    const [row] = await this.#reads.query(SQL.drain, [this.#gateway]);
    return row === undefined ? null : fromStored(row.drain as string);
  }

  async notifiedSessions(after: string, limit: number): Promise<string[]> {
    const rows = await this.#reads.query(SQL.sessions, [this.#gateway, toStored(after), limit]);
    return rows.map(({ session }) => fromStored(session as string));
  }

  async recordDrainEnd(session: string, announcement: Announcement): Promise<number> {
    const { result } = await this.#operations.run({ op: 'drain end', ...this.#notice(session, announcement) });
    return result.event as number;
  }

  #notice(session: string, announcement: Announcement): object {
    const { at } = announcement.event;
    return { gateway: this.#gateway, session: toStored(session), at, announcement: announcementOf(announcement) };
  }
}
