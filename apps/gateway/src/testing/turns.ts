import type { TurnRecord } from '../journal/turn-store.ts';

/** A turn that has just been accepted. */
export function turn(id: string, changes: Partial<TurnRecord> = {}): TurnRecord {
  return {
    id,
    session: 's',
    messageId: null,
    kind: 'external',
    conversation: 'exchange',
    fingerprint: null,
    form: null,
    text: `text of ${id}`,
    status: 'accepted',
    attempts: 0,
    reply: null,
    problem: null,
    acceptedAt: 1_000,
    startedAt: null,
    endedAt: null,
    ...changes,
  };
}
