import type { PastTurn } from '../journal/turn-store.ts';

/** The answer of an earlier turn, as a model sees it: without a whole reply, it ends with a note in brackets. */
export function answerOf({ status, reply, problem }: Pick<PastTurn, 'status' | 'reply' | 'problem'>): string {
  if (status === 'done') return reply ?? '';
  const what = status === 'interrupted' ? 'The answer was interrupted before it was complete' : 'The answer failed';
  const note = `[${what}${problem === null ? '.' : `: ${problem}`}]`;
  return reply ? `${reply}\n\n${note}` : note;
}
