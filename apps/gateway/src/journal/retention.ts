import type { Logger } from '@hermes/service-kit';
import type { Journal } from './journal.ts';
import { PRUNABLE_TABLES, type PrunableTable } from './pruning.ts';
import { type RetentionClock, SteadyClock } from './steady-clock.ts';

const INTERVAL_MS = 60_000;

/** Rows of one step, so that other calls do not wait long. */
const STEP = 1_000;

const DAY_MS = 86_400_000;

/**
 * Deletes, every minute and in steps, rows that ended more than `days` ago, until disposed. Deletes nothing while the
 * clock is not reliable: a message whose turn is deleted would run again when it is repeated.
 */
export function startRetention(
  journal: Pick<Journal, 'prune'>,
  days: number,
  log: Logger,
  clock: RetentionClock = new SteadyClock(),
): Disposable {
  let isOver = false;
  const tidy = async (table: PrunableTable): Promise<void> => {
    for (let after: number | null = 0; after !== null && !isOver; ) {
      const now = clock.now();
      if (now === undefined)
        return log.debug({ table }, 'nothing is deleted before the clock has run without a step for an hour');
      const step = { before: now - days * DAY_MS, now, after, limit: STEP };
      const { forgotten, next } = await journal.prune(table, step);
      after = next;
      if (forgotten > 0) log.debug({ table, forgotten }, 'deleted old rows of the journal');
    }
  };
  clock.now();
  const timer = setInterval(() => {
    for (const table of PRUNABLE_TABLES) {
      tidy(table).catch((error) => log.error({ err: error, table }, 'old rows of the journal could not be deleted'));
    }
  }, INTERVAL_MS).unref();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      clearInterval(timer);
    },
  };
}
