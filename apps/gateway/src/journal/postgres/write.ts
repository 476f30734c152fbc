import type { Announcement } from '../event-store.ts';
import type { TurnEnd, TurnRecord } from '../turn-store.ts';
import { toStored, toStoredOrNull } from './stored-text.ts';

/** One write, as the function `apply_1` of the database takes it. */
export type Write = { readonly op: string } & Readonly<Record<string, unknown>>;

export function acceptWrite(turn: TurnRecord): Write {
  const { id, session, messageId, kind, fingerprint, text, status, attempts, acceptedAt, startedAt } = turn;
  return {
    op: 'accept',
    id,
    session: toStored(session),
    messageId: toStoredOrNull(messageId),
    kind,
    fingerprint,
    text: toStored(text),
    status,
    attempts,
    acceptedAt,
    startedAt,
  };
}

/** @param claimAt Unix ms of the start of the session's next turn, or `null` if it must not start here. */
export function endWrite(id: string, end: TurnEnd, announcement: Announcement, claimAt: number | null): Write {
  const { status, reply, problem, endedAt } = end;
  const stored = { status, reply: toStoredOrNull(reply), problem: toStoredOrNull(problem), endedAt, claimAt };
  return { op: 'end', id, ...stored, ...announcementWrite(announcement) };
}

/** The event and the deliveries of an announcement, and its session. */
export function announcementWrite({ event, deliveries }: Announcement): Record<string, unknown> {
  const session = toStored(event.session);
  return {
    session,
    event: { session, type: event.type, data: JSON.stringify(event.data), at: event.at },
    deliveries: deliveries.map(({ channel, session: to, event: body, expiresAt }) => ({
      channel,
      session: toStored(to),
      event: JSON.stringify(body),
      expiresAt,
    })),
  };
}
