import type { EndStatus, HistoryLimits, PastTurn, TurnRecord } from './turn-store.ts';

/** Ended turns of a conversation, the newest first. @returns those within the limits, the oldest first. */
export function pastTurns(newestFirst: Iterable<TurnRecord>, { turns, maxChars }: HistoryLimits): PastTurn[] {
  const past: PastTurn[] = [];
  let chars = 0;
  for (const { conversation, id, text, status, reply, problem } of newestFirst) {
    chars += text.length + (reply ?? '').length;
    if (conversation === 'start' || past.length === turns || chars > maxChars) break;
    past.push({ id, text, status: status as EndStatus, reply, problem });
  }
  return past.reverse();
}
