import type { Announcement } from '../event-store.ts';
import { toStored } from './stored-text.ts';

/** An announcement as `store_announcement_1` reads it. @throws TypeError if an event is not JSON. */
export function announcementOf({ event, deliveries }: Announcement): object {
  return {
    session: toStored(event.session),
    type: event.type,
    data: JSON.stringify(event.data),
    at: event.at,
    deliveries: deliveries.map(({ channel, session, event: body, expiresAt }) => ({
      channel: toStored(channel),
      session: toStored(session),
      event: JSON.stringify(body),
      expires_at: expiresAt,
    })),
  };
}
