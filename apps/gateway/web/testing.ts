import type { HistoryPage, PastTurnView } from './model/wire.ts';

/** A turn in the history. */
export function pastTurn(seq: number, more: Partial<PastTurnView> = {}): PastTurnView {
  return {
    seq,
    turn_id: `turn-${seq}`,
    message_id: null,
    status: 'done',
    conversation: 'exchange',
    text: `text ${seq}`,
    reply: `reply ${seq}`,
    accepted_at: '2026-11-29T10:00:00Z',
    ...more,
  };
}

/** A page of the history, given the oldest turn first. */
export function historyPage(turns: readonly PastTurnView[], next: number | null = null): HistoryPage {
  return { turns: turns.toReversed(), next_before: next, last_event_id: 'aaaaaaaaaaaa-7' };
}
