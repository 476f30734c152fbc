import type { Logger } from '@hermes/service-kit';
import type { Journal } from './journal.ts';

const INTERVAL_MS = 60_000;

/** Rows that go in one step, so that nobody waits long behind it. */
const STEP = 1_000;

const DAY_MS = 86_400_000;

/** Forgets every minute, step by step, what ended more than `days` ago, until disposed. */
export function keepTidy(journal: Journal, days: number, log: Logger): Disposable {
  let isOver = false;
  const tidy = async (): Promise<void> => {
    for (let forgotten = STEP; forgotten === STEP && !isOver; ) {
      forgotten = await journal.prune(Date.now() - days * DAY_MS, STEP);
      if (forgotten > 0) log.debug({ forgotten }, 'old turns and events were forgotten');
    }
  };
  const timer = setInterval(() => {
    tidy().catch((error) => log.error({ err: error }, 'old turns could not be forgotten'));
  }, INTERVAL_MS).unref();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      clearInterval(timer);
    },
  };
}
