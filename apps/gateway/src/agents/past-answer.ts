import type { PastTurn } from '../journal/turn-store.ts';

/** The answer of an earlier turn, as a model sees it: a turn without a reply has a note in brackets in its place. */
export function answerOf({ status, reply, problem }: Pick<PastTurn, 'status' | 'reply' | 'problem'>): string {
  if (status === 'done') return reply ?? '';
  const what = status === 'interrupted' ? 'The answer was interrupted before it was complete' : 'The answer failed';
  return `[${what}${problem === null ? '.' : `: ${problem}`}]`;
}
