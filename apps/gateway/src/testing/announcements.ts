import type { Announcement } from '../journal/event-store.ts';
import type { TurnEnd } from '../journal/turn-store.ts';

/** How a turn ends well. */
export const DONE: TurnEnd = { status: 'done', reply: 'yes', problem: null, endedAt: 3_000 };

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
