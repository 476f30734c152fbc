import { setTimeout as delay } from 'node:timers/promises';
import type { Turn } from '../turns/turn.ts';

/** Until the turn has ended, or will not start in this process, or the time (ms) is up. */
export async function settledWithin(turn: Turn, milliseconds: number): Promise<void> {
  const bound = new AbortController();
  const timeout = delay(milliseconds, undefined, { signal: bound.signal, ref: false }).catch(() => undefined);
  await Promise.race([turn.whenSettled, turn.whenParked, timeout]);
  bound.abort();
}
