import { fromStorage } from '../journal/storage-error.ts';
import type { TurnContent, TurnStore } from '../journal/turn-store.ts';
import type { Backlog } from './backlog.ts';
import type { Limits } from './limits.ts';
import type { Turn } from './turn.ts';

/** What became of an edit: a turn that has started keeps its text, and so does one that would exceed the backlog. */
export type Revision = 'revised' | 'too-late' | 'overloaded';

export interface RevisionParts {
  readonly journal: Pick<TurnStore, 'revise'>;
  readonly limits: Pick<Limits, 'backlogBytes'>;
  readonly backlog: Pick<Backlog, 'bytes' | 'reserve' | 'recount'>;
}

/** Replaces what a waiting turn says, if the backlog has room for what it says now. @throws StorageError */
export async function revise(
  turn: Turn,
  content: TurnContent,
  { journal, limits, backlog }: RevisionParts,
): Promise<Revision> {
  const growth = Buffer.byteLength(content.text) - turn.bytes;
  if (growth > 0 && backlog.bytes + growth > limits.backlogBytes) return 'overloaded';
  const release = backlog.reserve(Math.max(0, growth));
  try {
    if (!(await fromStorage(journal.revise(turn.id, content)))) return 'too-late';
    turn.revise(content);
    backlog.recount(turn);
    return 'revised';
  } finally {
    release();
  }
}
