import { type EndStatus, type HistoryLimits, MAX_HISTORY_PARTS, type PastTurn, type TurnRecord } from './turn-store.ts';

/**
 * Ended turns of a conversation, the newest first. @returns those within the limits, the oldest first. What there is of a
 * reply that is not whole is left out where it does not fit: a reply that was stopped because it was too long must not
 * end the history.
 */
export function pastTurns(newestFirst: Iterable<TurnRecord>, { turns, maxChars }: HistoryLimits): PastTurn[] {
  const past: PastTurn[] = [];
  let chars = 0;
  let parts = 0;
  for (const { conversation, form, id, text, status, reply: stored, problem } of newestFirst) {
    if (conversation === 'start' || past.length === turns || parts >= MAX_HISTORY_PARTS) break;
    if (form === 'parts') parts += text.length;
    else chars += text.length;
    const fits = chars + (stored ?? '').length <= maxChars;
    const reply = status === 'done' || fits ? stored : null;
    chars += (reply ?? '').length;
    if (chars > maxChars) break;
    const turn = { id, text, status: status as EndStatus, reply, problem };
    past.push(form === 'parts' ? { ...turn, form } : turn);
  }
  return past.reverse();
}
