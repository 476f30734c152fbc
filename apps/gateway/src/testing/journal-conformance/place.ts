import type { Journal } from '../../journal/journal.ts';
import type { TurnReader } from '../../journal/turn-reader.ts';
import type { TurnRecord } from '../../journal/turn-store.ts';

/** Where one journal is kept, for the time of a test. */
export interface JournalPlace {
  /** Opens it as a new process does. What was opened before has been closed. */
  open(): Journal | Promise<Journal>;
  /** Looks at its turns beside the gateway. */
  openReader(): TurnReader | Promise<TurnReader>;
}

/** Makes a place without a journal, whose journals and readers are closed when the test has finished. */
export type MakePlace = () => JournalPlace;

export const ids = (turns: readonly Pick<TurnRecord, 'id'>[]): string[] => turns.map(({ id }) => id);
