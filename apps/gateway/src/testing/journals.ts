import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { onTestFinished } from 'vitest';
import type { SessionEvent } from '../journal/event-store.ts';
import type { Journal } from '../journal/journal.ts';
import { PRUNABLE_TABLES, type PrunableTable } from '../journal/pruning.ts';
import { SqliteJournal } from '../journal/sqlite/sqlite-journal.ts';
import { ThreadedJournal } from '../journal/sqlite/threaded-journal.ts';
import type { TurnRecord } from '../journal/turn-store.ts';

export { type AnnouncementOptions, announcement, DONE } from './announcements.ts';

/** A journal, by default of its own, until the test has finished. It may be closed before. */
export function openJournal(path = join(temporaryDirectory(), 'gateway.db')): SqliteJournal {
  const journal = new SqliteJournal(path);
  onTestFinished(() => journal.close().catch(() => undefined));
  return journal;
}

/** As {@link openJournal}, in a thread of its own. */
export async function openThreadedJournal(path = join(temporaryDirectory(), 'gateway.db')): Promise<ThreadedJournal> {
  const journal = new ThreadedJournal();
  await journal.open(path);
  onTestFinished(() => journal.close().catch(() => undefined));
  return journal;
}

/** The turns that have not ended, in the order they were accepted. */
export async function unfinishedTurns(journal: Journal): Promise<TurnRecord[]> {
  const turns = await journal.turns({ limit: 1_000_000 });
  return turns.filter(({ endedAt }) => endedAt === null).toReversed();
}

export interface PruneOptions {
  /** Unix ms. Default: so late that nothing is from the future. */
  readonly now?: number;
  /** Rows of a step. */
  readonly limit?: number;
}

/** Forgets what was over before `before`. @returns how many rows each step forgot. */
export async function pruneAll(
  journal: Journal,
  before: number,
  { now = Number.MAX_SAFE_INTEGER, limit = 100 }: PruneOptions = {},
): Promise<Record<PrunableTable, number[]>> {
  const forgotten: Record<PrunableTable, number[]> = { turns: [], events: [], notices: [], deliveries: [] };
  for (const table of PRUNABLE_TABLES) {
    for (let after: number | null = 0; after !== null; ) {
      const step = await journal.prune(table, { before, now, after, limit });
      forgotten[table].push(step.forgotten);
      after = step.next;
    }
  }
  return forgotten;
}

export function textsOf(events: readonly Pick<SessionEvent, 'data'>[]): unknown[] {
  return events.map((event) => event.data.text);
}
