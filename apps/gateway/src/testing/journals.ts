import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Announcement } from '../journal/journal.ts';
import type { SessionEvent } from '../journal/records.ts';
import { SqliteJournal } from '../journal/sqlite-journal.ts';
import { ThreadedJournal } from '../journal/threaded-journal.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A journal, by default of its own, until the test has finished. It may be closed before. */
export function openJournal(path = join(temporaryDirectory(), 'gateway.db')): SqliteJournal {
  const journal = new SqliteJournal(path);
  onTestFinished(() => journal.close().catch(() => undefined));
  return journal;
}

/** As {@link openJournal}, in a thread of its own. */
export async function openThreadedJournal(path = join(temporaryDirectory(), 'gateway.db')): Promise<ThreadedJournal> {
  const journal = new ThreadedJournal();
  await journal.open(path);
  onTestFinished(() => journal.close().catch(() => undefined));
  return journal;
}

export interface AnnouncementOptions {
  readonly at?: number;
  readonly expiresAt?: number | null;
}

/** A notice to a session, which goes out through these channels. */
export function announcement(
  session: string,
  text: string,
  channels: readonly string[] = [],
  { at = 5_000, expiresAt = null }: AnnouncementOptions = {},
): Announcement {
  const data = { type: 'notice', notice: 'draining', session, text };
  const deliveries = channels.map((channel) => ({ channel, session, event: data, expiresAt }));
  return { event: { session, type: 'notice', data, at }, deliveries };
}

export function textsOf(events: readonly Pick<SessionEvent, 'data'>[]): unknown[] {
  return events.map((event) => event.data.text);
}
